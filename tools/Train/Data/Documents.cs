using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Train.Data;

/// <summary>The documents of a corpus: the texts of the records of files, one after the other.</summary>
/// <remarks>Memory: one document, whatever the size of the corpus. Not thread-safe.</remarks>
/// <param name="inputs">The files in order.</param>
/// <param name="fields">How their records are read.</param>
/// <param name="textField">
/// The field of the text; null: <c>text</c>, or <c>content</c> where the first record of a file has that alone.
/// </param>
/// <param name="maxRejects">More rejected records end the reading; null: no limit.</param>
internal sealed class Documents(
    IReadOnlyList<InputFile> inputs, RecordFields fields, string? textField = null, long? maxRejects = null)
{
    /// <summary>Longer records, in bytes, are rejected: a book fits.</summary>
    public const int LongestRecord = 32 << 20;

    private const string NoId = "\0";   // a name that no field has: nobody asks for ids
    private const int MostNames = 3;

    private readonly List<string> notes = [];

    /// <summary>Documents read.</summary>
    public long Count { get; private set; }

    /// <summary>Records whose text is nothing but white space, such as empty lines; they are left out.</summary>
    public long Empty { get; private set; }

    /// <summary>What was no record, by kind.</summary>
    public RejectKinds Rejects { get; private set; } = new();

    /// <summary>What should be known of how the files were read, one line each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The documents in order. Before the first, the beginnings of all files are checked.</summary>
    /// <exception cref="GauFormatException">A file cannot be split into records, or no record has a text.</exception>
    /// <exception cref="ToolException">Too many records are rejected.</exception>
    public IEnumerable<string> Read()
    {
        (Count, Empty, Rejects) = (0, 0, new RejectKinds());
        notes.Clear();
        List<RecordSource> sources = [];
        try
        {
            foreach (InputFile input in inputs)
            {
                sources.Add(new RecordSource([input], FieldsOf(input), LongestRecord));
                notes.AddRange(sources[^1].Notes);
            }
            foreach (RecordSource source in sources)
            {
                while (source.Next() is { } record)
                    if (TextOf(record, source.Fields) is { } text)
                        yield return text;
                notes.AddRange(source.EndNotes);
                source.Dispose();
            }
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
        if (Count == 0)
            throw NoText();
    }

    private string? TextOf(TextRecord record, RecordFields read)
    {
        if (record.Error is { } error)
        {
            Rejects.Add(record, error, read);
            if (Rejects.Records > maxRejects)
                throw new ToolException(
                    ExitCode.TooManyRejects,
                    $"{Rejects.Records} records rejected; {maxRejects} are allowed; {Rejects.Lines(1)[0]}");
            return null;
        }
        if (string.IsNullOrWhiteSpace(record.Text))
        {
            Empty++;
            return null;
        }
        Count++;
        return record.Text;
    }

    private RecordFields FieldsOf(InputFile input)
    {
        RecordFields usual = fields with { Text = textField ?? "text", Id = NoId };
        // What has no known size may be a pipe, which can be read once.
        if (textField is not null || input.Length is null || !fields.HasHeader || HasField(input, usual))
            return usual;
        RecordFields other = usual with { Text = "content" };
        return HasField(input, other) ? other : usual;
    }

    private static bool HasField(InputFile input, RecordFields fields)
    {
        try
        {
            using RecordSource source = new([input], fields, LongestRecord);
            return source.Next() is not { Error: { } error } || !RejectKind.IsLack(error);
        }
        catch (GauFormatException)
        {
            return false;   // a table without such a column, or one that is told of when its turn comes
        }
    }

    private GauFormatException NoText()
    {
        string names = string.Join(", ", inputs.Take(MostNames).Select(input => input.Name))
            + (inputs.Count > MostNames ? ", …" : "");
        long records = Rejects.Records + Empty;
        return new GauFormatException(
            names,
            records == 1 ? "1 record" : $"{records} records",
            records == 0 ? "the corpus is empty"
            : Rejects.Records == 0 ? "nothing but white space in them"
            : $"none has a text; {Rejects.Lines(1)[0]}");
    }
}
