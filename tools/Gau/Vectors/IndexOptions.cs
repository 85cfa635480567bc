using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Vectors;

/// <summary>The argument of what is searched, and the options of its own, which all are about texts.</summary>
internal sealed class IndexOptions
{
    private readonly Argument<string> index = new("INDEX")
    {
        Description =
            "What is searched: vectors that gau embed has written (npy, Parquet, Arrow, JSON Lines), or records of "
            + "texts, which then are embedded first: a file, a folder of such files, or a pattern with *, ? and **.",
    };
    private readonly Option<string> format = OptionKinds.Word(
        "--index-format", "Format of the texts of INDEX [default: as --format]", null,
        FormatWords.OfRecords);
    private readonly Option<string?> text = OptionKinds.Text(
        "--index-text", "Field of the texts of INDEX [default: as --text]", "NAME");
    private readonly Option<string?> id = OptionKinds.Text(
        "--index-id", "Field of the ids of INDEX [default: as --id]", "NAME");
    private readonly Option<string?> prompt = OptionKinds.Text(
        "--index-prompt", "Put a prompt of the model in front of every text of INDEX [default: the model's default "
        + "prompt]", "NAME");
    private readonly Option<string?> prefix = OptionKinds.Text(
        "--index-prefix", "Put this text in front of every text of INDEX, instead of a prompt of the model.", "TEXT");

    /// <summary>Adds them to a command.</summary>
    public IndexOptions(Command command)
    {
        command.Add(index);
        Array.ForEach(All, command.Add);
    }

    private Option[] All => [format, text, id, prompt, prefix];

    /// <summary>What was typed.</summary>
    public string Path(ParseResult result) => result.GetValue(index)!;

    /// <summary>The format that was asked for, or null to go by the extension.</summary>
    public RecordFormat? Format(ParseResult result, RecordFormat? usual) =>
        result.GetValue(format) is { } given ? RecordFormats.Parse(given) : usual;

    /// <summary>The fields of its records.</summary>
    public RecordFields Fields(ParseResult result, RecordFields usual) => usual with
    {
        Text = result.GetValue(text) ?? usual.Text,
        Id = result.GetValue(id) ?? usual.Id,
        ExpectsIds = usual.ExpectsIds || result.GetValue(id) is not null,
        KeepOthers = false,
    };

    /// <summary>How its texts become vectors.</summary>
    public EmbedderOptions Embedder(ParseResult result, EmbedderOptions usual) => usual with
    {
        Prompt = result.GetValue(prompt),
        Prefix = result.GetValue(prefix),
    };

    /// <summary>Refuses what would have no effect on these texts.</summary>
    /// <exception cref="ToolException">There is such an option.</exception>
    public void Check(ParseResult result, IReadOnlyList<InputFile> inputs, Func<string, string?> environment)
    {
        if (inputs.All(input => input.Format == RecordFormat.Text)
            && ((Option[])[text, id]).FirstOrDefault(
                option => EnvironmentOptions.IsTyped(result, option, environment)) is { } given)
            throw new ToolException(ExitCode.Usage, $"{given.Name}: the texts of INDEX have no fields to be named");
    }

    /// <summary>Refuses what would have no effect on vectors.</summary>
    /// <exception cref="ToolException">There is such an option.</exception>
    public void RequireNone(ParseResult result, string name, Func<string, string?> environment)
    {
        if (All.FirstOrDefault(option => EnvironmentOptions.IsTyped(result, option, environment)) is { } given)
            throw new ToolException(
                ExitCode.Usage, $"{given.Name}: {Printable.OneLine(name)} holds vectors already, no texts", name);
    }
}
