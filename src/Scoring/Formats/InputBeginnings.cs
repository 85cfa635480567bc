using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>What the beginnings of all inputs of a run tell; the same for every shard of it.</summary>
/// <remarks>A pipe can be opened once: it stays open until it is asked for, with what was read of it.</remarks>
internal sealed class InputBeginnings : IDisposable
{
    private readonly InputBeginning[] beginnings;
    private readonly Dictionary<int, (ByteSource? Bytes, GauFormatException? Fault)> pipes = [];

    /// <summary>Looks at the inputs, in order, as far as that is needed.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="open">Opens an input.</param>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public InputBeginnings(IReadOnlyList<InputFile> inputs, RecordFields fields, Func<InputFile, Stream> open)
    {
        beginnings = new InputBeginning[inputs.Count];
        HasIds = fields.ExpectsIds;
        for (int i = 0; i < inputs.Count; i++)
        {
            beginnings[i] = Tells(inputs[i], fields, !HasIds)
                ? Look(i, inputs[i], fields, open)
                : Untold(inputs[i], fields);
            HasIds |= beginnings[i].HasIds;
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
    /// <exception cref="GauFormatException">It is none.</exception>
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
        input.Format != RecordFormat.Parquet && Encoding(input, fields) switch
        {
            TextEncoding.Auto or TextEncoding.Utf16 => true,
            TextEncoding.Gb18030 => input.Length is not null,
            _ => false,
        };

    private static bool TellsRecords(InputFile input, RecordFields fields, bool wantsIds) => input switch
    {
        { Reader: not null } or { Format: RecordFormat.Text } => false,
        { Format: RecordFormat.Csv or RecordFormat.Tsv } => wantsIds || fields.Quotes is null or FieldQuotes.Auto,
        // A pipe is not waited for only to say that it has none of the ids that were asked for.
        { Format: RecordFormat.JsonLines, Length: not null } => wantsIds || fields.ExpectsIds,
        _ => wantsIds,
    };

    private static InputBeginning Untold(InputFile input, RecordFields fields) => new(
        Quotes: fields.Quotes is FieldQuotes.None ? FieldQuotes.None : FieldQuotes.Rfc)
    {
        Encoding = Encoding(input, fields),
    };

    private InputBeginning Look(int index, InputFile input, RecordFields fields, Func<InputFile, Stream> open)
    {
        Stream stream = open(input);
        if (input.Format == RecordFormat.Parquet)
            return InputBeginning.OfParquet(stream, fields);
        bool isPipe = !stream.CanSeek;
        ByteSource? bytes = null;
        try
        {
            bytes = new ByteSource(stream, input.Name, Encoding(input, fields));
            if (isPipe)
                pipes[index] = (bytes, null);
            InputBeginning beginning = TellsRecords(input, fields, !HasIds)
                ? InputBeginning.Of(bytes, input.Format, fields, isPipe)
                : Untold(input, fields);
            return beginning with { Encoding = bytes.Encoding, EncodingNote = bytes.EncodingNote };
        }
        catch (GauFormatException e)
        {
            // It is told when its turn comes.
            if (isPipe && bytes is null)
                pipes[index] = (null, e);
            return Untold(input, fields);
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
