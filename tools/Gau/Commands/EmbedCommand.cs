using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau embed</c>: a vector per record.</summary>
internal static class EmbedCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("embed", "Turn records into vectors.");
        RecordInputs inputs = new(command);
        Option<string> pooling = OptionKinds.Word(
            "--pooling", "How a text's tokens become one vector [default: as the model says, else mean]", null,
            [.. PoolingName.All]);
        Option<bool> normalize = OptionKinds.Switch(
            "--normalize", "Scale vectors to length 1; without it they are as the model says.");
        Option<int?> dimensions = OptionKinds.Number("--dimensions", "Keep the first N numbers of a vector.", 1);
        Option<bool> force = OptionKinds.Switch(
            "--force-pooling", "Let --pooling and --normalize hold even where the model says otherwise.");
        Option<string?> prompt = OptionKinds.Text(
            "--prompt", "Put a prompt of the model in front of every text [default: the model's default prompt]",
            "NAME");
        Option<string?> prefix = OptionKinds.Text(
            "--prefix", "Put this text in front of every text, instead of a prompt of the model.", "TEXT");
        Option[] own = [pooling, normalize, dimensions, force, prompt, prefix];
        Array.ForEach(own, command.Add);
        LongTextOptions longTexts = new(command);
        RecordOptions options = new(command);
        command.SetAction(result =>
        {
            WindowOptions? windows = longTexts.Value(result, options);
            return new RecordRun(options, result, host).Execute(
                format => inputs.Find(result, format, host),
                model => new EmbedTask(model, new EmbedderOptions
                {
                    GivenPooling = result.GetValue(pooling) is { } name ? PoolingName.Parse(name) : null,
                    GivenNormalize =
                        result.GetResult(normalize) is { Implicit: false } ? result.GetValue(normalize) : null,
                    Dimensions = result.GetValue(dimensions),
                    ForcePooling = result.GetValue(force),
                    Windows = windows,
                    Prompt = result.GetValue(prompt),
                    Prefix = result.GetValue(prefix),
                }));
        });
        return command;
    }
}
