using System.CommandLine;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Cli.Records;

/// <summary>Runs a task over the records that a command line names.</summary>
internal sealed class RecordRun(RecordOptions options, ParseResult result, CommandHost host)
{
    private const string Part = "a part of the results";

    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);
    private InputIndex? index;
    private OutputFile? rejectsFile;   // of a run into a stream; jobs have their own
    private bool isMonitored;   // a monitor keeps the status file
    private bool requiresResult;

    /// <summary>Files that are read besides the inputs and the model.</summary>
    public IReadOnlyList<InputFile> Besides { get; init; } = [];

    /// <summary>Files that are read besides, and hold no records.</summary>
    public IReadOnlyList<InputFile> Vectors { get; init; } = [];

    /// <summary>Another file that is read before the run, or null.</summary>
    public string? WordFile { get; init; }

    /// <summary>The records that were rejected of what is read before the run, as they were read.</summary>
    public Func<IReadOnlyList<RejectedRecord>> RejectedBefore { get; init; } = () => [];

    /// <summary>Finds the inputs, makes the outputs, loads the model, runs, and says how it went.</summary>
    /// <returns>The exit code; faults are exceptions.</returns>
    public int Execute(Func<RecordFormat?, InputFile[]> find, Func<GauModel, RecordTask> makeTask)
    {
        InputFile[] inputs = FindToldInStatus(find);
        options.CheckFields(result, inputs, Besides);
        Shard? shard = options.Shard(result, host);
        string? path = options.Output(result);
        string? rejects = options.Rejects(result);
        CheckOutputs(path, rejects, shard);
        CheckFiles([.. inputs, .. Besides, .. Vectors], path, rejects, shard);
        options.CheckExtension(result);
        if (options.StatusFile(result) is { } status)
            StatusFile.Require(status);
        bool isFilter = path is null or "-" && inputs.All(Inputs.IsStandard);
        requiresResult = shard is null && !isFilter;
        ToldInStatus(shard, () =>
        {
            index = options.IndexFile(result) is { } indexed ? InputIndex.Read(indexed) : null;
            if (path is null or "-" || OutputFile.IsDevice(path))
                RunIntoStream(path, rejects, work => Run(inputs, shard, makeTask, work));
            else
                RunJob(options.JobOutput(result, path, rejects, shard), work => Run(inputs, shard, makeTask, work));
        });
        return ExitCode.Ok;
    }

    // What is missing may be what was scored the day before: whoever supervises runs reads of that too.
    private InputFile[] FindToldInStatus(Func<RecordFormat?, InputFile[]> find)
    {
        try
        {
            return find(options.InputFormat(result));
        }
        catch (Exception e) when (options.StatusFile(result) is { } status && MayWrite(status))
        {
            Status(null, options.Shard(result, host))?.End(e);
            throw;
        }
    }

    // Whether a file is there for the status, before the inputs are known that it could be one of: it is missing or an
    // earlier status, and named but once.
    private bool MayWrite(string status)
    {
        try
        {
            Shard? shard = options.Shard(result, host);
            CheckOutputs(options.Output(result), options.Rejects(result), shard);
            CheckFiles([], options.Output(result), options.Rejects(result), shard);
            FileIdentity? own = FileIdentity.Of(status);
            return own is not null && StatusFile.IsFree(status)
                && result.Tokens.Count(token => token.Value.Length > 0 && FileIdentity.Of(token.Value) == own) <= 1;
        }
        catch (Exception e) when (e is ToolException or ScoringException or IOException or ArgumentException
            or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Whoever supervises runs also reads of one that ended before it was under way, and of one with nothing to do; not
    // of one that left another, whose file it may be too, at its work.
    private void ToldInStatus(Shard? shard, Action run)
    {
        try
        {
            run();
            if (!isMonitored)
                Status(null, shard)?.End(null);
        }
        catch (Exception e) when (!isMonitored && e is not ScoringException { Fault: ScoringFault.Busy })
        {
            Status(null, shard)?.End(e);
            throw;
        }
    }

    private StatusFile? Status(RunProgress? progress, Shard? shard) =>
        options.DryRun(result) is null && options.StatusFile(result) is { } path
            ? new StatusFile(path, progress, shard?.ToString())
            : null;

    private void RunIntoStream(string? path, string? rejects, Action<Action<ScoringRun>> start)
    {
        using OutputFile? device = path is null or "-" ? null : host.Create(path, replace: true);
        using OutputFile? ofRejects = rejects is null ? null : host.Create(rejects, options.Force(result));
        rejectsFile = ofRejects;
        start(run =>
        {
            using Stream? standard = device is null ? host.OpenOutput() : null;
            if (options.DryRun(result) is { } most)
            {
                run.Check(most, host.Cancel);
                return;
            }
            run.Write(device?.Stream ?? standard!, ofRejects?.Stream, host.Cancel);
        });
    }

    private void RunJob(JobOutput output, Action<Action<ScoringRun>> start)
    {
        JobNames names = new(output);
        int? dryRun = options.DryRun(result);
        using ScoringJob job = names.Shown(() => dryRun is null ? ScoringJob.Open(output) : ScoringJob.Look(output));
        job.Note = note => host.Note(note, json);
        if (!job.IsFinished)
            start(run => names.Shown(() => Work(job, run, dryRun)));
        if (job.IsFinished)
            host.Note($"{job.Path} was complete; nothing was left to do", json);
    }

    private void Work(ScoringJob job, ScoringRun run, int? dryRun)
    {
        if (dryRun is { } most)
        {
            job.Check(run, host.Cancel);
            run.Check(most, host.Cancel);
            return;
        }
        try
        {
            job.Run(run, host.Cancel);
        }
        catch (OperationCanceledException)
        {
            string how = options.Force(result) ? "--resume in place of --force" : "--resume";
            host.Note(
                !job.IsSavedKnown ? "what was saved is kept; the same command goes on behind it"
                : job.SavedRecords == 0 ? "nothing was saved yet"
                : $"{job.SavedRecords} records are saved; the same command with {how} goes on behind them",
                json);
            throw;
        }
    }

    private void CheckOutputs(string? path, string? rejects, Shard? shard)
    {
        bool toFile = path is not null and not "-";
        bool isJob = toFile && !OutputFile.IsDevice(path!);
        if (isJob && rejects is not null && OutputFile.IsDevice(rejects))
            throw new ToolException(
                ExitCode.Usage,
                $"--rejects: {Printable.OneLine(rejects)} is a device: beside a file of results the rejects go into a "
                + "file too", rejects);
        options.CheckOutput(result);
        Inputs.RequireFile(rejects, "--rejects");
        if (options.Force(result) && options.Resume(result))
            throw new ToolException(
                ExitCode.Usage, "--resume goes on with what is there, and --force does away with it: give one of them");
        if (!isJob && options.Resume(result))
            throw new ToolException(ExitCode.Usage, "--resume needs a file to go on with: --output");
        if (!isJob && options.NamesCheckpoints(result, host))
            throw new ToolException(
                ExitCode.Usage, "--checkpoint-seconds is for a run that can be resumed, into a file: --output");
        if (options.IndexFile(result) is not null && shard is null && !options.Resume(result))
            throw new ToolException(
                ExitCode.Usage,
                "--index is for --shard and --resume: without either everything is read from its start");
        if (toFile && shard is not null && File.Exists(path))
            throw new ToolException(ExitCode.Usage, $"{path}: with --shard the output is a folder for the parts", path);
    }

    private void CheckFiles(InputFile[] inputs, string? path, string? rejects, Shard? shard)
    {
        TouchedFiles files = Inputs.Touched(host, inputs);
        files.Read(options.Model(result));
        files.Read(WordFile);
        files.Read(options.IndexFile(result), "is the index");
        bool isJob = path is not (null or "-") && !OutputFile.IsDevice(path);
        if (isJob && shard is not null)
        {
            files.WriteAll(path!, Part, PartName.Fits);
            if (rejects is not null && FileIdentity.Of(rejects) != FileIdentity.Of(path!))
                files.WriteAll(rejects, Part, PartName.Fits);
        }
        else
        {
            files.WriteTo(path, "--output");
            files.WriteTo(rejects, "--rejects");
        }
        files.WriteTo(options.StatusFile(result), "--status-file");
        if (!isJob)
            return;
        JobOutput job = options.JobOutput(result, path!, rejects, shard);
        foreach (string beside in job.Beside)
            files.Write(beside, "a file beside the results");
        foreach (string work in job.WorkFiles)
        {
            if (!job.IsNamed(work))
                files.Write(work, shard is null ? "a work file of the results" : Part);
        }
    }

    private void Run(
        InputFile[] inputs, Shard? shard, Func<GauModel, RecordTask> makeTask, Action<ScoringRun> work)
    {
        using GauModel model = ModelSource.LoadToCompute(options.Model(result));
        RecordTask task = Make(makeTask, model);
        using RecordSource source = new(
            inputs, options.Fields(result, task.DefaultFields), options.LongestLine(result), shard)
        {
            Index = index,
        };
        RecordFormat outputFormat = options.OutputFormat(result);
        ScoringOptions asked = options.Run(result, host, model);
        MemoryBound memory = new(
            options.Memory(result),
            asked.Threads,
            limit => MemoryPlan.For(task, source, asked, RecordFormats.IsTable(outputFormat), limit));
        MonitoredRun run = new(options, result, host)
        {
            Rejects = rejectsFile,
            RequiresResult = requiresResult,
            Status = progress =>
            {
                if (shard is { } share)
                    host.Note($"shard {share}", json);
                isMonitored = true;
                return Status(progress, shard);
            },
        };
        run.Do(task, source, outputFormat, memory, work);
    }

    // What is read before the run may end it, and then its rejects tell why. A job has written none of them yet.
    private RecordTask Make(Func<GauModel, RecordTask> makeTask, GauModel model)
    {
        try
        {
            return makeTask(model);
        }
        catch (Exception e) when (KeptRejects.MayTell(e) && options.DryRun(result) is null)
        {
            if (rejectsFile is not null && RejectedBefore() is { Count: > 0 } rejected)
                KeptRejects.Keep(rejectsFile, rejected, host, json);
            throw;
        }
    }
}
