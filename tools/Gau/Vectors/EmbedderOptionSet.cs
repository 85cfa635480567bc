using System.CommandLine;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Vectors;

/// <summary>The options that say how texts become vectors.</summary>
internal sealed class EmbedderOptionSet
{
    private readonly Option<string> pooling = OptionKinds.Word(
        "--pooling", "How a text's tokens become one vector [default: as the model says, else mean]", null,
        [.. PoolingName.All]);
    private readonly Option<bool> normalize = OptionKinds.Switch(
        "--normalize", "Scale vectors to length 1; without it they are as the model says.");
    private readonly Option<int?> dimensions = OptionKinds.Number(
        "--dimensions", "Keep the first N numbers of a vector.", 1);
    private readonly Option<bool> force = OptionKinds.Switch(
        "--force-pooling", "Let --pooling and --normalize hold even where the model says otherwise.");
    private readonly Option<string?> prompt = OptionKinds.Text(
        "--prompt", "Put a prompt of the model in front of every text [default: the model's default prompt]",
        "NAME");
    private readonly Option<string?> prefix = OptionKinds.Text(
        "--prefix", "Put this text in front of every text, instead of a prompt of the model.", "TEXT");

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="more">An option that stands among them, behind the dimensions.</param>
    public EmbedderOptionSet(Command command, params Option[] more)
    {
        All = [pooling, normalize, dimensions, .. more, force, prompt, prefix];
        foreach (Option option in All)
            command.Add(option);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All { get; }

    /// <summary>What was given.</summary>
    public EmbedderOptions Value(ParseResult result) => new()
    {
        GivenPooling = result.GetValue(pooling) is { } name ? PoolingName.Parse(name) : null,
        GivenNormalize = result.GetResult(normalize) is { Implicit: false } ? result.GetValue(normalize) : null,
        Dimensions = result.GetValue(dimensions),
        ForcePooling = result.GetValue(force),
        Prompt = result.GetValue(prompt),
        Prefix = result.GetValue(prefix),
    };
}
