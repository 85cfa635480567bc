using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau score</c>: the answers of a model's head.</summary>
internal static class ScoreCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "score", "Run the model's head over records: labels, values, entities, choices or answers.");
        RecordInputs inputs = new(command);
        Option<int?> top = OptionKinds.Number("--top", "Say the N best labels of a record too, as 'top'.", 1);
        Option<double?> threshold = OptionKinds.Share(
            "--threshold", "Labels of at least this score are chosen, where a text may have several, and stand in "
            + "'top' [default: as the model says, else 0.5; in 'top' all]");
        Option<double?> abstain = OptionKinds.Share(
            "--abstain", "Where the best score is lower, say no label, and 'abstained' [default: never]");
        Array.ForEach<Option>([top, threshold, abstain], command.Add);
        LongTextOptions longTexts = new(command);
        PromptOptions prompts = new(command);
        RecordOptions options = new(command);
        command.SetAction(result =>
        {
            WindowOptions? windows = longTexts.Value(result, options);
            Prompt? prompt = prompts.Value(result, windows, host);
            LabelDecision decision = new()
            {
                Top = result.GetValue(top), Threshold = (float?)result.GetValue(threshold),
                AbstainBelow = (float?)result.GetValue(abstain),
            };
            return new RecordRun(options, result, host) { WordFile = prompts.Path(result) }.Execute(
                format => inputs.Find(result, format, host),
                model => prompt is null
                    ? RecordTask.Score(model, decision, windows)
                    : RecordTask.Score(model, prompt.Template, prompt.Labels, decision));
        });
        return command;
    }
}
