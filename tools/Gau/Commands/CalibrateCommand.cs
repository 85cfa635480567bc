using System.CommandLine;
using GauRuntime.Cli.Calibrate;
using GauRuntime.Cli.Records;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau calibrate</c>: makes the scores of a classifier probabilities, by labelled records.</summary>
internal static class CalibrateCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "calibrate", "Fit a temperature to labelled records, and of several labels a threshold each, and write "
            + "the model with them: its scores then are probabilities.");
        Argument<string> model = new("MODEL") { Description = "The model file, of a classifier." };
        Argument<string[]> data = new("DATA")
        {
            Description = "Labelled records that the model was not trained on: inputs as those of eval.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> labels = OptionKinds.Text("--labels", "Field of the label: its name or index.", "FIELD");
        labels.Required = true;
        Option<string?> output = CommonOptions.CreateOutput("Write the calibrated model there.");
        output.Required = true;
        Option<double?> precision = OptionKinds.Share(
            "--precision", "Of several labels, choose each from the score on that has this precision, as many as "
            + "possible [default: the greatest F1 of each]");
        command.Add(model);
        command.Add(data);
        Array.ForEach<Option>([labels, output, precision], command.Add);
        RecordOptions options = new(command, makesResults: false, namesModel: false);
        command.SetAction(result => new CalibrationCall(options, result, host)
        {
            Model = result.GetValue(model)!,
            Labels = result.GetValue(labels)!,
            Output = result.GetValue(output)!,
            Precision = result.GetValue(precision),
        }.Execute(result.GetValue(data)!));
        return command;
    }
}
