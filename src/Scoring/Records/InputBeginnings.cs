using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>What the beginnings of all inputs of a run tell; the same for every shard of it.</summary>
/// <remarks>
/// Headers and schemas of files are checked here, so that nothing is computed where a later one is at fault. A pipe is
/// checked when its turn comes. It can be opened once: it stays open until it is asked for, with what was read of it.
/// </remarks>
internal sealed class InputBeginnings : IDisposable
{
    private readonly RecordFields fields;
    private readonly int longestLine;
    private readonly InputBeginning[] beginnings;
    private readonly List<GauFormatException> faults = [];   // of files
    private readonly Dictionary<int, (ByteSource? Bytes, GauFormatException? Fault)> pipes = [];

    /// <summary>
    /// Looks at the inputs as far as that is needed: at all files, and then at what may be waited for.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="longestLine">Longer headers are refused.</param>
    /// <param name="open">Opens an input.</param>
    /// <exception cref="GauFormatException">
    /// Files have not the columns that are asked for, or hold no records.
    /// </exception>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public InputBeginnings(
        IReadOnlyList<InputFile> inputs, RecordFields fields, int longestLine, Func<InputFile, Stream> open)
    {
        (this.fields, this.longestLine) = (fields, longestLine);
        beginnings = new InputBeginning[inputs.Count];
        HasIds = fields.ExpectsIds;
        foreach (bool areFiles in (bool[])[true, false])
        {
            foreach ((int i, InputFile input) in inputs.Index().Where(i => IsFile(i.Item) == areFiles))
            {
                beginnings[i] = areFiles || Tells(input, fields, !HasIds) ? Look(i, input, open) : Untold(input);
                HasIds |= beginnings[i].HasIds;
            }
            if (faults.Count > 0)
            {
                Dispose();
                throw GauFormatException.Of(faults, inputs.Count);
            }
        }
    }

    /// <summary>Whether a record of any input has an id.</summary>
    public bool HasIds { get; }

    /// <summary>What that of an input tells.</summary>
    public InputBeginning this[int input] => beginnings[input];

    /// <summary>Whether there is something to be told that is not known.</summary>
    public static bool Tells(InputFile input, RecordFields fields, bool wantsIds) =>
        TellsEncoding(input, fields) || TellsRecords(input, fields, wantsIds);

    /// <summary>The content of a pipe that was looked into; null where nothing was.</summary>
    /// <exception cref="GauFormatException">It is malformed.</exception>
    public ByteSource? Take(int input)
    {
        if (!pipes.Remove(input, out (ByteSource? Bytes, GauFormatException? Fault) pipe))
            return null;
        return pipe.Bytes ?? throw pipe.Fault!;
    }

    public void Dispose()
    {
        foreach ((ByteSource? bytes, _) in pipes.Values)
            bytes?.Dispose();
        pipes.Clear();
    }

    private static TextEncoding Encoding(InputFile input, RecordFields fields) =>
        input.Reader is null ? input.Encoding ?? fields.Encoding : TextEncoding.Utf8;

    // A pipe in GB18030 is not waited for only to say that it looks like UTF-8.
    private static bool TellsEncoding(InputFile input, RecordFields fields) =>
        !RecordFormats.IsTable(input.Format) && Encoding(input, fields) switch
        {
            TextEncoding.Auto or TextEncoding.Utf16 => true,
            TextEncoding.Gb18030 => input.Length is not null,
            _ => false,
        };

    private static bool TellsRecords(InputFile input, RecordFields fields, bool wantsIds) => input switch
    {
        { Reader: not null } or { Format: RecordFormat.Text } => false,
        _ when RecordFormats.IsDelimited(input.Format) => wantsIds || fields.Quotes is null or FieldQuotes.Auto,
        // A pipe is not waited for only to say that it has none of the ids that were asked for.
        { Format: RecordFormat.JsonLines, Length: not null } => wantsIds || fields.ExpectsIds,
        _ => wantsIds,
    };

    private InputBeginning Untold(InputFile input) => new(
        Quotes: fields.Quotes is FieldQuotes.None ? FieldQuotes.None : FieldQuotes.Rfc)
    {
        Encoding = Encoding(input, fields),
    };

    // What is empty has no records, but a table of Parquet or Arrow is never empty.
    private static bool IsFile(InputFile input) =>
        input.Length is not null || RecordFormats.IsTable(input.Format);

    private InputBeginning Look(int index, InputFile input, Func<InputFile, Stream> open)
    {
        Stream stream = open(input);
        bool isPipe = !stream.CanSeek;
        ByteSource? bytes = null;
        try
        {
            if (RecordFormats.IsTable(input.Format))
                return InputBeginning.OfColumns(input, stream, fields);
            bytes = new ByteSource(
                stream, input.Name, Encoding(input, fields), isText: input is { Path: null, Encoding: not null });
            if (isPipe)
                pipes[index] = (bytes, null);
            InputBeginning beginning = TellsRecords(input, fields, !HasIds)
                ? InputBeginning.Of(bytes, input.Format, fields, isPipe)
                : Untold(input);
            if (!isPipe && input.Reader is null && RecordFormats.IsDelimited(input.Format))
            {
                DelimitedReader table = new(input, bytes, longestLine, fields, beginning, firstNumber: 0);
                beginning = beginning with { Delimiter = table.Delimiter, IsSingle = table.IsSingle };
            }
            return beginning with { Encoding = bytes.Encoding, EncodingNote = bytes.EncodingNote };
        }
        catch (GauFormatException e)
        {
            if (!isPipe)
            {
                (stream as WatchedStream)?.RequireUnchanged();   // else that is what is wrong
                faults.Add(e);
            }
            else if (bytes is null)
                pipes[index] = (null, e);   // it is told when its turn comes
            return Untold(input);
        }
        finally
        {
            if (bytes is null)
                stream.Dispose();
            else if (!isPipe)
                bytes.Dispose();
        }
    }
}
