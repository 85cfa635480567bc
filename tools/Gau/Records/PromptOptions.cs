using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Records;

/// <summary>A masked LM as a classifier: what a command line says of it.</summary>
/// <param name="Template">The text around a record's text.</param>
/// <param name="Labels">The labels with their words.</param>
internal sealed record Prompt(string Template, IReadOnlyList<LabelWords> Labels);

/// <summary>The options of a masked LM as a classifier.</summary>
internal sealed class PromptOptions
{
    private readonly Option<string?> verbalizer = OptionKinds.Text(
        "--verbalizer", "Classify with the masked LM, without a head: a JSON object of labels with their words, which "
        + "go to the [MASK]s of --template.", "FILE");
    private readonly Option<string?> template = OptionKinds.Text(
        "--template", "What stands around a text for --verbalizer, with a [MASK] for each token of a word, and {text}.",
        "TEXT");

    /// <summary>Adds them to a command.</summary>
    public PromptOptions(Command command) => Array.ForEach<Option>([verbalizer, template], command.Add);

    /// <summary>The file of the words, or null.</summary>
    public string? Path(ParseResult result) => result.GetValue(verbalizer);

    /// <summary>What was asked for, or null.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="windows">The windows that were asked for too.</param>
    /// <param name="host">Opens the file.</param>
    /// <exception cref="ToolException">An option lacks the other, or the file does not say what it should.</exception>
    public Prompt? Value(ParseResult result, WindowOptions? windows, CommandHost host)
    {
        (string? path, string? text) = (Path(result), result.GetValue(template));
        if (path is null && text is null)
            return null;
        if (path is null || text is null)
            throw new ToolException(
                ExitCode.Usage,
                $"{verbalizer.Name} and {template.Name} go together: a masked LM needs both to classify");
        if (windows is not null)
            throw new ToolException(
                ExitCode.Usage, $"{template.Name} holds a text once: with --window there is none for its parts");
        return new Prompt(text, WordFile.Labels(path, verbalizer.Name, host));
    }
}
