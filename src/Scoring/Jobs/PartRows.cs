using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// Appends the rows of compressed parts to one output, in the frames of a run that was not shared out.
/// </summary>
internal sealed class PartRows(IJobStorage storage, Stream output, Compression compression, CancellationToken cancel)
    : PartAppender(storage, output)
{
    private readonly RowFrames frames = new(compression);
    private readonly ArrayBufferWriter<byte> row = new();
    private byte[]? header;

    public override void Append(string path, FileMark mark, int headerBytes, long rows)
    {
        CheckAll(path, mark, cancel);
        using ByteSource bytes = new(Storage.OpenRead(path), path);
        LineReader lines = new(bytes, Array.MaxLength) { Delimiters = Delimiters(path) };
        bool isHeader = headerBytes > 0, hasMark = bytes.Position > 0;
        long count = isHeader ? -1 : 0;
        while (lines.Read())
        {
            cancel.ThrowIfCancellationRequested();
            count++;
            row.ResetWrittenCount();
            if (isHeader && hasMark)
                row.Write(ByteSource.ByteOrderMark);
            row.Write(lines.Line);
            row.Write("\n"u8);
            if (!isHeader || IsFirstHeader(path))
                Add();
            isHeader = false;
        }
        CheckRows(path, Math.Max(count, 0), rows);
    }

    public override void Complete()
    {
        if (frames.HasRows || Length == 0)
        {
            frames.Close();
            Write(frames.Frame);
        }
    }

    public override void Dispose()
    {
        frames.Dispose();
        base.Dispose();
    }

    // What separates the fields of a row, so that line ends inside quotes do not end it.
    private static byte[] Delimiters(string path) => RecordFormats.OfExtension(path) switch
    {
        RecordFormat.Csv => [(byte)','],
        RecordFormat.Tsv => [(byte)'\t'],
        _ => [],
    };

    private bool IsFirstHeader(string path)
    {
        bool first = header is null;
        header ??= row.WrittenSpan.ToArray();
        return row.WrittenSpan.SequenceEqual(header) ? first : throw OtherHeader(path);
    }

    private void Add()
    {
        if (frames.Add(row.WrittenSpan))
            Write(frames.Frame);
    }
}
