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
        LongTextOptions longTexts = new(command);
        PromptOptions prompts = new(command);
        RecordOptions options = new(command);
        command.SetAction(result =>
        {
            WindowOptions? windows = longTexts.Value(result, options);
            Prompt? prompt = prompts.Value(result, windows, host);
            return new RecordRun(options, result, host) { WordFile = prompts.Path(result) }.Execute(
                format => inputs.Find(result, format, host), model => TaskOf(model, windows, prompt));
        });
        return command;
    }

    /// <summary>What a command line asks of a model.</summary>
    /// <exception cref="Scoring.ScoringException">The model cannot do it.</exception>
    public static RecordTask TaskOf(GauModel model, WindowOptions? windows, Prompt? prompt) =>
        prompt is not null ? RecordTask.Score(model, prompt.Template, prompt.Labels)
        : windows is not null ? RecordTask.Score(model, windows)
        : RecordTask.Score(model);
}
