using System.Globalization;
using GauRuntime.Parquet;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>Reads the rows of a Parquet or Arrow file; all of a row group or record batch begin where it does.
/// </summary>
/// <remarks>
/// Of every column that is needed, memory holds one page of Parquet, or of Arrow the values in a batch. Row groups and
/// batches that are stepped over are not read, and neither are pages.
/// </remarks>
internal sealed class TableRecordReader : RecordReader
{
    private readonly string source;
    private readonly TableFile file;
    private readonly TableRowReader rows;
    private readonly long[] starts;   // of the parts, and the end of the file
    private int part = -1;
    private int nextPart;             // the next with a row
    private long rowsBefore;          // of the part, in the file
    private long row;                 // in the part; that of the current record is one less
    private long partRows;
    private long readRows;

    /// <summary>Takes over a stream and reads what the file says of itself.</summary>
    /// <param name="input">The input, as the user named it, and its format: Parquet or Arrow.</param>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="longest">Longer records are rejected, in bytes of their texts.</param>
    /// <param name="fields">Which columns mean what.</param>
    /// <param name="firstNumber">Number of its first record.</param>
    /// <exception cref="GauFormatException">It is no such file with such columns.</exception>
    public TableRecordReader(
        InputFile input, Stream stream, int longest, RecordFields fields, long firstNumber)
        : base(firstNumber)
    {
        source = input.Name;
        (file, TableFields columns) = Open(source, input.Format, stream, fields);
        rows = new TableRowReader(columns, fields, longest);
        starts = [.. file.Starts, file.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = Math.Max(starts[i], starts[i - 1]);   // parts may stand in any order
        nextPart = WithRows(0);
        if (file.Rows.Sum() > long.MaxValue - firstNumber)
            throw new GauFormatException(source, PlaceOf(input.Format), RecordErrors.Uncountable);
    }

    /// <summary>Reads what the file says of itself, and finds the columns.</summary>
    /// <exception cref="GauFormatException">It is no such file with such columns.</exception>
    public static (TableFile File, TableFields Fields) Open(
        string source, RecordFormat format, Stream stream, RecordFields fields)
    {
        TableFile file = OpenFile(source, format, stream);
        TableFields columns = Guard(source, "schema", () => new TableFields(file.Columns, file.Fields, fields));
        Guard(source, PlaceOf(format), () =>
        {
            file.RequireReadable(columns.Places);
            return true;
        });
        return (file, columns);
    }

    /// <summary>Reads what the file says of itself.</summary>
    /// <exception cref="GauFormatException">It is no such file.</exception>
    public static TableFile OpenFile(string source, RecordFormat format, Stream stream) =>
        Guard(source, PlaceOf(format), () => TableContent.Open(stream, format));

    public override long Position => row < partRows ? starts[part] : starts[nextPart];

    public override long BytesRead => row >= partRows
        ? starts[nextPart]
        : starts[part] + (long)((Int128)(starts[nextPart] - starts[part]) * row / partRows);

    public override long ContentBytes => file.Length;

    // A footer can claim more rows than anybody could step over one by one.
    public override long SkipAlike(long most)
    {
        if (!Skip())
            return 0;
        long more = Math.Min(most - 1, partRows - row);
        row += more;
        Number += more;
        return more + 1;
    }

    public override void Dispose() => file.Dispose();

    /// <summary>Where a file of a format says what it holds.</summary>
    private static string PlaceOf(RecordFormat format) => format == RecordFormat.Arrow ? "metadata" : "footer";

    /// <summary>Runs something that reads a table, and says where it is malformed.</summary>
    /// <exception cref="GauFormatException">It is.</exception>
    internal static T Guard<T>(string source, string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TableFault e)
        {
            throw new GauFormatException(source, place, e.Message, e);
        }
    }

    protected override bool Advance()
    {
        if (row == partRows)
        {
            if (nextPart == file.Rows.Count)
                return false;
            rowsBefore += partRows;
            part = nextPart;
            nextPart = WithRows(part + 1);
            (row, readRows, partRows) = (0, 0, file.Rows[part]);
        }
        row++;
        return true;
    }

    protected override TextRecord Current(long number) => Guard(source, PartName(), () =>
    {
        if (readRows == 0)
            OpenPart();
        rows.Next(row - 1 - readRows);
        readRows = row;
        return rows.Record(number, new RecordPlace(source, rowsBefore + row, starts[part], IsRow: true));
    });

    private void OpenPart()
    {
        TablePart opened = file.Open(part);
        rows.Open(opened.Cursor, opened.Json);
    }

    private int WithRows(int index)
    {
        while (index < file.Rows.Count && file.Rows[index] == 0)
            index++;
        return index;
    }

    private string PartName() => string.Create(CultureInfo.InvariantCulture, $"{file.PartKind} {part}");
}
