using System.CommandLine;
using System.Diagnostics;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>Runs a task over the records that a command line names.</summary>
internal sealed class RecordRun(RecordOptions options, ParseResult result, CommandHost host)
{
    /// <summary>Finds the inputs, makes the outputs, loads the model, runs, and says how it went.</summary>
    /// <returns>The exit code; faults are exceptions.</returns>
    public int Execute(Func<RecordFormat?, InputFile[]> find, Func<GauModel, RecordTask> makeTask)
    {
        InputFile[] inputs = find(options.InputFormat(result));
        string? path = options.Output(result);
        bool toFile = path is not null and not "-";
        if (toFile && options.Rejects(result) is { } other && Path.GetFullPath(other) == Path.GetFullPath(path!))
            throw new ToolException(ExitCode.Usage, "--output and --rejects name the same file", path);
        using OutputFile? file = toFile ? OutputFile.Create(path!, options.Force(result)) : null;
        using OutputFile? rejects = options.Rejects(result) is { } rejectsPath
            ? OutputFile.Create(rejectsPath, options.Force(result))
            : null;
        using GauModel model = ModelSource.Load(options.Model(result));
        RecordTask task = makeTask(model);
        using RecordSource source = new(
            inputs, options.Fields(result, task.DefaultFields), options.LongestLine(result));
        ScoringRun run = new(task, source, options.Run(result, host), options.OutputFormat(result));
        using Stream? standard = toFile ? null : host.OpenOutput();

        Stopwatch clock = Stopwatch.StartNew();
        void Write() => run.Write(file?.Stream ?? standard!, rejects?.Stream, host.Cancel);
        bool onTerminal = host.ErrorIsTerminal && (toFile || !host.OutputIsTerminal);
        if (onTerminal && options.ShowProgress(result))
            ProgressDisplay.Show(run.Totals, source, clock, Write);
        else
            Write();
        rejects?.Commit();
        file?.Commit();
        host.Error.WriteLine(
            new RunSummary(run.Totals, clock.Elapsed).Line(result.GetValue<bool>(CommonOptions.JsonName)));
        return ExitCode.Ok;
    }
}
