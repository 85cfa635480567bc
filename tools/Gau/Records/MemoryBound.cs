using GauRuntime.Scoring.Pipeline;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>The memory a run may use: told before it starts, refused where it is too little, and kept.</summary>
internal sealed class MemoryBound
{
    private const double MiB = 1 << 20;

    private readonly int threads;
    private readonly long bound;

    /// <summary>Plans a run.</summary>
    /// <param name="allowed">What the user allows, or null.</param>
    /// <param name="threads">Threads asked for.</param>
    /// <param name="plan">Plans it within a limit.</param>
    /// <exception cref="ToolException">It needs more than is allowed or there.</exception>
    public MemoryBound(long? allowed, int threads, Func<long, MemoryPlan> plan)
    {
        long there = MemoryLimit.OfProcess();
        long limit = Limit(allowed);
        this.threads = threads;
        Plan = plan(limit);
        if (Plan.Bytes > limit)
            throw new ToolException(
                ExitCode.Unsupported,
                $"this run needs {Size(Plan.Bytes)} of memory; "
                + (limit < there ? $"--memory allows {Size(limit)}" : $"this process may use {Size(limit)}")
                + $". Less is needed with a lower --max-length, --batch-tokens or --max-line{OfTask()}");
        // What was allowed is there for records that need more than can be expected.
        bound = allowed is null ? Plan.Bytes : limit;
    }

    /// <summary>The most that a run may use.</summary>
    /// <param name="allowed">What the user allows, or null.</param>
    public static long Limit(long? allowed) => Math.Min(allowed ?? long.MaxValue, MemoryLimit.OfProcess());

    /// <summary>What the run will need.</summary>
    public MemoryPlan Plan { get; }

    private long Heap => bound - Plan.Bytes + Plan.Heap;

    /// <summary>Limits the heap and tells the bound.</summary>
    public void Apply(CommandHost host, bool json)
    {
        host.LimitHeap(Heap);
        host.Error.WriteLine(json ? Json() : Line());
        if (Plan.Options.Threads < threads)
            host.Note($"{threads} threads would need more than {Size(bound)}", json);
    }

    /// <summary>Says what a lack of memory means; other faults are what they are.</summary>
    public Exception Explain(Exception fault) => fault is OutOfMemoryException
        ? new ToolException(
            ExitCode.Unsupported,
            $"the records need more than the {Size(bound)} of memory that this run was given: raise --memory")
        : fault;

    private string OfTask() =>
        Plan.Task == 0 ? "" : $", and with fewer candidates, which take {Size(Plan.Task)}";

    private string Line() =>
        $"memory: at most {Size(bound)} on {Threads(Plan.Options.Threads)}: model {Size(Plan.Model)}, "
        + $"forward passes {Size(Plan.Workspaces)}, records {Size(Heap + Plan.Windows)}, program {Size(Plan.Program)}";

    private string Json() => JsonText.Of("memory", json =>
    {
        json.WriteNumber("bytes"u8, bound);
        json.WriteNumber("threads"u8, Plan.Options.Threads);
        json.WriteNumber("model"u8, Plan.Model);
        json.WriteNumber("forward_passes"u8, Plan.Workspaces);
        json.WriteNumber("records"u8, Heap + Plan.Windows);
        json.WriteNumber("program"u8, Plan.Program);
    });

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    private static string Size(long bytes) => $"{Math.Ceiling(bytes / MiB):0} MiB";
}
