using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau tokenize</c>: ids, tokens and character offsets, a line of JSON per text.</summary>
internal static class TokenizeCommand
{
    private const int FlushAt = 1 << 16;

    public static Command Create(CommandHost host)
    {
        Command command = new("tokenize", "Show the ids, tokens and character offsets of texts.");
        Argument<string[]> texts = new("TEXT") { Description = "Texts.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> input = OptionKinds.Text(
            "--input", "Read the texts from a file: text lines or records; - is standard input.", "FILE");
        Option<string> format = OptionKinds.Word(
            "--format", "Format of the input; auto goes by the extension.", "auto", FormatWords.OfTexts);
        Option<string?> text = OptionKinds.Text("--text", "Field of the text [default: text]", "NAME");
        Option<string?> pair = OptionKinds.Text("--pair", "Field of the second text of a pair [default: none]", "NAME");
        Option<string?> id = OptionKinds.Text("--id", "Field of the record's id [default: id]", "NAME");
        EncodingOption encoding = new();
        TableOptions tables = new();
        Option<bool> parseSpecial = OptionKinds.Switch(
            "--parse-special", "Read [MASK] and its like in a text as special tokens.");
        Option<int?> maxLength = OptionKinds.Number(
            "--max-length", "Cut longer texts to so many tokens [default: no limit]", 8);
        Option<string?> model = CommonOptions.CreateModel();
        command.Add(texts);
        Array.ForEach<Option>(
            [input, format, text, pair, id, encoding.Option, .. tables.All, parseSpecial, maxLength, model],
            command.Add);
        command.SetAction(result =>
        {
            string[] given = result.GetValue(texts)!;
            string? path = result.GetValue(input);
            if (path is null == (given.Length == 0))
                throw new ToolException(ExitCode.Usage, "tokenize needs either texts or --input FILE");
            RecordFields usual = new();
            RecordFields fields = tables.Apply(result, usual with
            {
                Text = result.GetValue(text) ?? usual.Text,
                Pair = result.GetValue(pair),
                Id = result.GetValue(id) ?? usual.Id,
                ExpectsIds = result.GetValue(id) is not null,
                Encoding = encoding.Value(result),
            });
            FieldOptions.RequireTwoTexts(result, fields, text, pair);
            InputFile[] inputs = path is null
                ? [.. given.Select((t, i) => Inputs.OfText("argument", i + 1, t))]
                : [Inputs.Find(path, RecordFormats.Parse(result.GetValue(format)!), host)];
            encoding.Check(result, inputs);
            tables.Check(result, inputs);
            FieldOptions.RequireFormats(result, inputs, format);
            FieldOptions.RequireFields(result, inputs, text, id);
            Inputs.Touched(host, inputs);
            using GauModel loaded = ModelSource.Load(result.GetValue(model));
            using RecordSource source = new(inputs, fields);
            foreach (string note in source.Notes)
                host.Note(note, result.GetValue<bool>(CommonOptions.JsonName));
            TokenLines lines = new(
                loaded, result.GetValue(maxLength) ?? int.MaxValue, result.GetValue(parseSpecial),
                withId: path is not null);
            Write(source, lines, host);
            foreach (string note in source.EndNotes)
                host.Note(note, result.GetValue<bool>(CommonOptions.JsonName));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(RecordSource source, TokenLines lines, CommandHost host)
    {
        using Stream output = host.OpenOutput();
        while (source.Next() is { } record)
        {
            host.Cancel.ThrowIfCancellationRequested();
            lines.Add(record);
            if (lines.Bytes.Length >= FlushAt)
            {
                output.Write(lines.Bytes);
                lines.Clear();
            }
        }
        output.Write(lines.Bytes);
    }
}
