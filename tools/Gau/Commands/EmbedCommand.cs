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
            "--pooling", "How a text's tokens become one vector.", "mean", "cls", "mean", "max");
        Option<bool> normalize = OptionKinds.Switch("--normalize", "Scale vectors to length 1.");
        Option<int?> dimensions = OptionKinds.Number("--dimensions", "Keep the first N numbers of a vector.", 1);
        command.Add(pooling);
        command.Add(normalize);
        command.Add(dimensions);
        RecordOptions options = new(command);
        command.SetAction(result => new RecordRun(options, result, host).Execute(
            format => inputs.Find(result, format, host),
            model => new EmbedTask(
                model, PoolingOf(result.GetValue(pooling)!), result.GetValue(normalize), result.GetValue(dimensions))));
        return command;
    }

    private static Pooling PoolingOf(string name) => name switch
    {
        "cls" => Pooling.First,
        "max" => Pooling.Max,
        _ => Pooling.Mean,
    };
}
