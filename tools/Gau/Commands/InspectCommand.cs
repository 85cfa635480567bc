using System.CommandLine;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau inspect</c>: what is in a model file, and what of this machine it would run on.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("inspect", "Show what is in a model file, and which kernels this machine runs it with.");
        ModelArgument argument = new(command);
        command.SetAction(result =>
        {
            _ = Task.Run(KernelTiers.Prepare, CancellationToken.None);   // while the model is checked
            using GauModel model = argument.Load(result, host);
            model.Prepare();
            ModelReport report = new(model, ThreadLimit.Of(host.Environment));
            host.Print(result.GetValue<bool>(CommonOptions.JsonName) ? report.Json() : report.Words());
            return ExitCode.Ok;
        });
        return command;
    }
}
