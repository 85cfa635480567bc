using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau score</c>: the answers of a model's head.</summary>
internal static class ScoreCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "score", "Run the model's head over records: labels, values, entities, choices or answers.");
        Argument<string[]> inputs = RecordInputs.Create();
        command.Add(inputs);
        RecordOptions options = new(command);
        command.SetAction(result => new RecordRun(options, result, host).Execute(
            format => Inputs.Find(
                result.GetValue(inputs)!, format, host, result.GetValue<bool>(CommonOptions.JsonName)),
            RecordTask.Score));
        return command;
    }
}
