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
        RecordInputs inputs = new(command);
        RecordOptions options = new(command);
        command.SetAction(result => new RecordRun(options, result, host).Execute(
            format => inputs.Find(result, format, host), RecordTask.Score));
        return command;
    }
}
