using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Commands;

/// <summary>The corpus of a command: its files, and how their records are read.</summary>
internal sealed class CorpusOptions
{
    private const string Replace = "replace";
    private const int MostReasons = 3;

    private readonly Argument<string[]> corpus = new("CORPUS")
    {
        Description =
            "Files of texts (text lines, JSON Lines, CSV, TSV, Parquet, Arrow; .gz, .zst), folders of such files, "
            + "patterns with *, ? and **; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> text = OptionKinds.Text(
        "--text", "Field of the text [default: text, or content where a file's first record has only that]", "NAME");
    private readonly Option<string> format = OptionKinds.Word(
        "--format", "Format of the corpus; auto goes by the extension, and takes standard input as JSON Lines.",
        "auto", FormatWords.OfRecords);
    private readonly Option<string> utf8 = OptionKinds.Word(
        "--utf8", "What bytes that are not of the encoding do: reject their record, or become U+FFFD.",
        "reject", "reject", Replace);
    private readonly EncodingOption encoding = new();
    private readonly TableOptions tables = new();
    private readonly Option<int?> maxRejects = OptionKinds.Number(
        "--max-rejects", "End with code 3 if more records are rejected [default: no limit]", 0);

    /// <summary>Adds them to a command.</summary>
    public CorpusOptions(Command command)
    {
        command.Add(corpus);
        Array.ForEach<Option>([text, format, encoding.Option, utf8, .. tables.All, maxRejects], command.Add);
    }

    /// <summary>The files that were typed, in order.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or none in a folder.</exception>
    public InputFile[] Inputs(ParseResult result, CommandStreams streams)
    {
        RecordFormat? given = RecordFormats.Parse(result.GetValue(format)!);
        bool json = result.GetValue<bool>("--json");
        IReadOnlyList<string> paths = InputPaths.Expand(result.GetValue(corpus)!, note => streams.Note(note, json));
        return [.. paths.Select(path => Find(path, given))];
    }

    /// <summary>Its documents.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="inputs">What <see cref="Inputs"/> gave.</param>
    /// <param name="joinsWords">Whether a text may be a JSON array of words.</param>
    /// <exception cref="ToolException">An option would have no effect.</exception>
    public Documents Documents(ParseResult result, InputFile[] inputs, bool joinsWords = false)
    {
        encoding.Check(result, inputs);
        tables.Check(result, inputs);
        RecordFields fields = tables.Apply(result, new RecordFields
        {
            Encoding = encoding.Value(result),
            ReplaceInvalid = result.GetValue(utf8) == Replace,
            JoinsWords = joinsWords,
        });
        return new Documents(inputs, fields, result.GetValue(text), result.GetValue(maxRejects));
    }

    /// <summary>Tells what should be known of documents that were read: notes, and why records were rejected.</summary>
    public static void Tell(Documents documents, ParseResult result, CommandStreams streams)
    {
        bool json = result.GetValue<bool>("--json");
        foreach (string note in documents.Notes.Concat(documents.Rejects.Lines(MostReasons)))
            streams.Note(note, json);
    }

    private static InputFile Find(string path, RecordFormat? format)
    {
        if (path != "-")
            return InputFile.Find(path, format);
        return format is not { } table || !RecordFormats.IsTable(table)
            ? new InputFile(
                "standard input", format ?? RecordFormat.JsonLines, null, StandardStreams.OpenInput)
            : throw new ToolException(
                ExitCode.Usage,
                $"{TableContent.NameOf(table)} is read from its end: it needs a file, not standard input");
    }
}
