using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using GauRuntime.Cli.Commands;
using GauRuntime.CommandLine;
using GauRuntime.Scoring;

namespace GauRuntime.Cli;

/// <summary>Parses a command line, runs its command, and turns whatever goes wrong into one line and an exit code.</summary>
internal static class GauProgram
{
    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, CommandHost host)
    {
        bool json = false;
        try
        {
            RootCommand root = CreateRoot(host);
            ParserConfiguration parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
            ParseResult result = EnvironmentOptions.Apply(root, args, parser, host.Environment);
            json = result.GetValue<bool>(CommonOptions.JsonName);
            if (result.Action is ParseErrorAction)
                throw new CommandException(ExitCode.Usage, $"{EnvironmentOptions.Describe(result, args)}; 'gau --help' lists what there is");
            return Invoke(result, host);
        }
        catch (Exception e)
        {
            Failure failure = e is OperationCanceledException ? new(host.CancelCode(), "stopped by a signal") : FailureOf(e);
            if (failure.Code != ExitCode.ClosedPipe)
                host.Error.WriteLine(failure.Line("gau", json));
            return failure.Code;
        }
    }

    private static int Invoke(ParseResult result, CommandHost host)
    {
        // Only --help and --version write here; commands open the output when they have something to say.
        using StringWriter text = new();
        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = text,
            Error = host.Error,
        };
        int code = result.Invoke(invocation);
        if (text.GetStringBuilder().Length > 0)
        {
            using Stream output = host.OpenOutput();
            output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }
        return code;
    }

    private static RootCommand CreateRoot(CommandHost host)
    {
        RootCommand root = new("Scores, embeds and completes texts with GAU-α and RoFormerV2 models on the CPU.")
        {
            ScoreCommand.Create(host),
            EmbedCommand.Create(host),
            FillCommand.Create(host),
            TokenizeCommand.Create(host),
            ForwardCommand.Create(host),
        };
        root.Add(CommonOptions.CreateJson());
        return root;
    }

    private static Failure FailureOf(Exception exception) => exception switch
    {
        ScoringException e => new(
            e.Fault switch
            {
                ScoringFault.Usage => ExitCode.Usage,
                ScoringFault.TooManyRejects => ExitCode.TooManyRejects,
                _ => ExitCode.CannotCreate,
            },
            e.Message,
            e.File),
        _ => Failure.Of(exception),
    };
}
