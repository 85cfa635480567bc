using System.Globalization;
using System.IO.Hashing;
using GauRuntime.Parquet;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>Reads the rows of a Parquet file; all of a row group begin where its data do.</summary>
/// <remarks>
/// Of every column that is needed, memory holds one page. Row groups that are stepped over are not read, and neither
/// are pages.
/// </remarks>
internal sealed class ParquetRecordReader : RecordReader
{
    private readonly string source;
    private readonly ParquetFile file;
    private readonly ParquetFields fields;
    private readonly ParquetRowReader rows;
    private readonly long[] starts;   // of the groups, and the end of the file
    private int group = -1;
    private int nextGroup;            // the next with a row
    private long rowsBefore;          // of the group, in the file
    private long row;                 // in the group; that of the current record is one less
    private long groupRows;
    private long readRows;

    /// <summary>Takes over a stream and reads its footer.</summary>
    /// <param name="source">The input, as the user named it.</param>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="longest">Longer records are rejected, in bytes of their texts.</param>
    /// <param name="fields">Which columns mean what.</param>
    /// <param name="digest">Takes in all bytes of the file at once.</param>
    /// <param name="firstNumber">Number of its first record.</param>
    /// <exception cref="GauFormatException">It is no Parquet file with such columns.</exception>
    public ParquetRecordReader(
        string source, Stream stream, int longest, RecordFields fields, XxHash128 digest, long firstNumber)
        : base(firstNumber)
    {
        this.source = source;
        digest.Append(stream);
        (file, this.fields) = Open(source, stream, fields);
        rows = new ParquetRowReader(this.fields, fields, longest);
        starts = [.. file.Footer.Groups.Select(g => g.Start), file.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = Math.Max(starts[i], starts[i - 1]);   // groups may stand in any order
        nextGroup = WithRows(0);
    }

    /// <summary>Reads the footer, and finds the columns.</summary>
    /// <exception cref="GauFormatException">It is no Parquet file with such columns.</exception>
    public static (ParquetFile File, ParquetFields Fields) Open(string source, Stream stream, RecordFields fields)
    {
        ParquetFile file = Guard(source, "footer", () => ParquetContent.Open(stream));
        return (file, Guard(source, "schema", () => new ParquetFields(file.Footer, fields)));
    }

    public override long Position => row < groupRows ? starts[group] : starts[nextGroup];

    public override long BytesRead => row >= groupRows
        ? starts[nextGroup]
        : starts[group] + (long)((Int128)(starts[group + 1] - starts[group]) * row / groupRows);

    public override long ContentBytes => file.Length;

    public override void Dispose() => file.Dispose();

    protected override bool Advance()
    {
        if (row == groupRows)
        {
            if (nextGroup == file.Footer.Groups.Count)
                return false;
            rowsBefore += groupRows;
            group = nextGroup;
            nextGroup = WithRows(group + 1);
            (row, readRows, groupRows) = (0, 0, file.Footer.Groups[group].Rows);
        }
        row++;
        return true;
    }

    protected override TextRecord Current(long number) => Guard(source, GroupName(), () =>
    {
        if (readRows == 0)
            rows.Open(file, file.Footer.Groups[group]);
        rows.Next(row - 1 - readRows);
        readRows = row;
        return rows.Record(number, new RecordPlace(source, rowsBefore + row, starts[group]));
    });

    private int WithRows(int index)
    {
        while (index < file.Footer.Groups.Count && file.Footer.Groups[index].Rows == 0)
            index++;
        return index;
    }

    private string GroupName() => string.Create(CultureInfo.InvariantCulture, $"row group {group}");

    private static T Guard<T>(string source, string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ParquetFault e)
        {
            throw new GauFormatException(source, place, e.Message, e);
        }
    }
}
