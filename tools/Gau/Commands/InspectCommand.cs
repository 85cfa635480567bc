using System.CommandLine;
using System.Text;
using GauRuntime.Scoring;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau inspect</c>: what is in a model file, and what of this machine it would run on.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("inspect", "Show what is in a model file, and which kernels this machine runs it with.");
        Argument<string?> file = new("MODEL") { Description = "The model file; without it the model inside this program.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> option = CommonOptions.CreateModel();
        command.Add(file);
        command.Add(option);
        command.SetAction(result =>
        {
            using GauModel model = ModelSource.Load(result.GetValue(file) ?? result.GetValue(option));
            ModelReport report = new(model, ScoringOptions.DefaultThreads(host.Environment));
            string text = result.GetValue<bool>(CommonOptions.JsonName) ? report.Json() : report.Words();
            using Stream output = host.OpenOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
            return ExitCode.Ok;
        });
        return command;
    }
}
