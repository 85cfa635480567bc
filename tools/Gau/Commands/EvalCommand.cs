using System.CommandLine;
using GauRuntime.Cli.Evaluate;
using GauRuntime.Cli.Records;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau eval</c>: what the answers of a model's head are worth, against labels.</summary>
internal static class EvalCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("eval", "Compare the answers of the model's head with labels: accuracy, F1, errors.");
        Argument<string[]> inputs = RecordInputs.Create(ArgumentArity.OneOrMore);
        Option<string?> labels = OptionKinds.Text("--labels", "Field of the label: its name or index.", "FIELD");
        Option<string> clue = OptionKinds.Word(
            "--clue-task", "Read the files of a task of CLUE as they are, with their labels.", null,
            [.. ClueTask.Names]);
        Option<string?> answers = OptionKinds.Text(
            "--answers", "The labels of chid [default: train_answer.json beside train.json, where it is]", "FILE");
        Option<string?> output = CommonOptions.CreateOutput("Write the predictions of a CLUE task there.");
        Option<string?> page = OptionKinds.Text(
            "--page", "Write a page of HTML there too: figures, drawings, and the worst records to read.", "FILE");
        command.Add(inputs);
        Array.ForEach<Option>([labels, clue, answers, output, page], command.Add);
        LongTextOptions longTexts = new(command);
        PromptOptions prompts = new(command);
        RecordOptions options = new(command, makesResults: false);
        command.SetAction(result =>
        {
            string? field = result.GetValue(labels);
            ClueTask? task = result.GetValue(clue) is { } name ? ClueTask.Find(name) : null;
            if (task is null == field is null)
                throw new ToolException(ExitCode.Usage, "eval needs either --labels FIELD or --clue-task NAME");
            if (task is null && result.GetValue(output) is not null)
                throw new ToolException(ExitCode.Usage, "--output takes the predictions of "
                    + "a --clue-task; 'gau score' writes rows");
            if (task is not { HasAnswers: true } && result.GetValue(answers) is not null)
                throw new ToolException(ExitCode.Usage, "--answers is for --clue-task chid");
            WindowOptions? windows = longTexts.Value(result, options);
            Prompt? prompt = prompts.Value(result, windows, host);
            if (task is not null && prompt is not null)
                throw new ToolException(ExitCode.Usage, "--verbalizer is for --labels FIELD: the labels of a "
                    + "--clue-task are those of a head");
            EvaluationInputs found = new(
                result.GetValue(inputs)!, field, task, result.GetValue(answers), result.GetValue(output),
                result.GetValue(page))
            {
                Windows = windows, Prompt = prompt, WordFile = prompts.Path(result),
            };
            return new EvaluationCall(options, result, host).Execute(found);
        });
        return command;
    }
}
