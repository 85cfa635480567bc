using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>The records of several inputs, one after the other, numbered through.</summary>
/// <remarks>Memory: one buffer and at most one line, whatever the size of the inputs. Not thread-safe.</remarks>
public sealed class RecordSource : IDisposable
{
    /// <summary>The longest line allowed where nothing else is said: 64 MiB.</summary>
    public const int DefaultLongestLine = 64 << 20;

    private readonly IReadOnlyList<InputFile> inputs;
    private readonly RecordFields fields;
    private readonly int longestLine;
    private ByteSource? bytes;
    private RecordReader? reader;
    private int next;
    private long records;
    private long finishedBytes;
    private long bytesRead;

    /// <summary>Nothing is opened before the first record is asked for.</summary>
    /// <param name="inputs">The inputs in order.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="longestLine">Longer lines (or CSV records) are rejected, in bytes.</param>
    public RecordSource(IReadOnlyList<InputFile> inputs, RecordFields fields, int longestLine = DefaultLongestLine)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longestLine);
        this.inputs = inputs;
        this.fields = fields;
        this.longestLine = longestLine;
        foreach (InputFile input in inputs)
        {
            if (input.Format == RecordFormat.Text && (fields.Pair is not null || fields.Choices is not null))
                throw new ScoringException(
                    ScoringFault.Usage,
                    "lines of text hold one text each: pairs and choices need JSON Lines, CSV or TSV", input.Name);
        }
    }

    /// <summary>Size of all inputs in bytes, or null where one of them cannot be known.</summary>
    public long? BytesTotal => inputs.Any(i => i.Length is null) ? null : inputs.Sum(i => i.Length!.Value);

    /// <summary>Whether records carry their other fields along.</summary>
    internal bool KeepsOthers => fields.KeepOthers;

    /// <summary>Bytes read so far; safe to ask from any thread.</summary>
    public long BytesRead => Volatile.Read(ref bytesRead);

    /// <summary>The next record, or null after the last.</summary>
    /// <exception cref="GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public TextRecord? Next()
    {
        while (true)
        {
            if (reader is null)
            {
                if (next == inputs.Count)
                    return null;
                reader = Open(inputs[next++]);
            }
            TextRecord? record = reader.Read();
            Volatile.Write(ref bytesRead, finishedBytes + bytes!.Position);
            if (record is not null)
            {
                records = record.Number + 1;
                return record;
            }
            Close();
        }
    }

    /// <summary>Closes the input being read.</summary>
    public void Dispose() => Close();

    private RecordReader Open(InputFile input)
    {
        bytes = new ByteSource(input.Open(), input.Name);
        LineReader lines = new(bytes, longestLine);
        return input.Format switch
        {
            RecordFormat.JsonLines => new JsonLinesReader(input.Name, lines, fields, records),
            RecordFormat.Text => new TextLineReader(input.Name, lines, records),
            _ => new DelimitedReader(input.Name, lines, fields, input.Format == RecordFormat.Tsv, records),
        };
    }

    private void Close()
    {
        finishedBytes += bytes?.Position ?? 0;
        bytes?.Dispose();
        bytes = null;
        reader = null;
    }
}
