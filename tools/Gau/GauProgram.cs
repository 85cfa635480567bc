using System.CommandLine;
using System.CommandLine.Invocation;
using GauRuntime.Cli.Commands;
using GauRuntime.Kernels;
using GauRuntime.Scoring;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli;

/// <summary>
/// Parses a command line, runs its command, and turns whatever goes wrong into one line and an exit code.
/// </summary>
internal static class GauProgram
{
    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, CommandHost host)
    {
        bool json = args.Contains(CommonOptions.JsonName);   // for what goes wrong before they are parsed
        try
        {
            args = HelpCommand.Meant(args);
            RootCommand root = CreateRoot(host);
            UnknownOptions.Refuse(root, args);
            ParserConfiguration parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
            ParseResult result = EnvironmentOptions.Apply(root, args, parser, host.Environment);
            json = result.GetValue<bool>(CommonOptions.JsonName);
            if (result.Action is ParseErrorAction)
                throw new ToolException(
                    ExitCode.Usage,
                    UsageFault.WithAdvice(EnvironmentOptions.Describe(result, root, args), result, root, "gau"));
            return Invoke(result, host);
        }
        catch (Exception e)
        {
            Exception fault = Known(e, host);
            // Nobody reads on: that is how 'head' ends a pipeline, and nothing to talk about.
            return fault is IOException pipe && PipeFaults.IsClosed(pipe)
                ? ExitCode.PipeClosed
                : Failure.Report(fault, host.Error, json);
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
            host.Print(text.ToString());
        return code;
    }

    internal static RootCommand CreateRoot(CommandHost host)
    {
        RootCommand root = new(
            "Scores, embeds, completes, ranks, finds and groups texts with "
            + $"{ArchitectureTraits.Titles("and")} models on the CPU.")
        {
            ScoreCommand.Create(host),
            IndexCommand.Create(host),
            MergeCommand.Create(host),
            EmbedCommand.Create(host),
            FillCommand.Create(host),
            RerankCommand.Create(host),
            SearchCommand.Create(host),
            DedupCommand.Create(host),
            ClusterCommand.Create(host),
            EvalCommand.Create(host),
            CalibrateCommand.Create(host),
            ExplainCommand.Create(host),
            CompareCommand.Create(host),
            TokenizeCommand.Create(host),
            ForwardCommand.Create(host),
            InspectCommand.Create(host),
            VerifyCommand.Create(host),
            BenchCommand.Create(host),
        };
        root.Add(CommonOptions.CreateJson());
        ShellCommands.Add(root, Notes(host), host.Print);
        return root;
    }

    private static ProgramNotes Notes(CommandHost host) => new()
    {
        Name = "gau",
        Environment = host.Environment,
        Variable = EnvironmentOptions.Variable,
        Variables =
        [
            ("GAU_ISA", $"The kernels to use instead of the best: {string.Join(", ", KernelTiers.Known)}."),
            ("GAU_ISA_UNCHECKED", "For emulators: 1, and the kernels of GAU_ISA=amx are used unasked."),
            ("SLURM_CPUS_PER_TASK", "The most worker threads, where it is less than the processors."),
            (BuildDate.Variable, "The date of the manual page, in seconds since 1970."),
        ],
        Examples = CommandExamples.All,
        ExitCodes = ExitCode.Meanings,
    };

    private static Exception Known(Exception exception, CommandHost host) => exception switch
    {
        OperationCanceledException => new ToolException(host.CancelCode(), "stopped by a signal"),
        ScoringException e when ResourceFaults.Reason(e) is null => ScoringFaults.Of(e),
        _ => exception,
    };
}
