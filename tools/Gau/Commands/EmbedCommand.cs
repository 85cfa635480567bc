using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Cli.Vectors;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau embed</c>: a vector per record.</summary>
internal static class EmbedCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("embed", "Turn records into vectors.");
        RecordInputs inputs = new(command);
        Option<string> precision = OptionKinds.Word(
            "--precision", "How Parquet, Arrow and npy store the numbers: 32-bit or 16-bit floats, or 8-bit whole "
            + "numbers with a scale for each vector.", "f32", [.. VectorPrecisions.Names]);
        EmbedderOptionSet embedder = new(command, precision);
        LongTextOptions longTexts = new(command);
        RecordOptions options = new(command, embeds: true);
        command.SetAction(result =>
        {
            WindowOptions? windows = longTexts.Value(result, options);
            return new RecordRun(options, result, host).Execute(
                format => inputs.Find(result, format, host),
                model => new EmbedTask(
                    model, embedder.Value(result) with { Windows = windows },
                    VectorPrecisions.Parse(result.GetValue(precision))!.Value));
        });
        return command;
    }
}
