using System.Runtime;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>What a run needs of memory at most, whatever its records are: known before it starts.</summary>
/// <remarks>
/// The heap's part is what lines of the longest length allowed need. It is kept if the heap is given that limit
/// (<c>GCHeapHardLimit</c>); only pages of Parquet can need more, and then end the run with
/// <see cref="OutOfMemoryException"/>.
/// </remarks>
internal sealed record MemoryPlan
{
    private const long MiB = 1 << 20;

    // The runtime and its libraries, compiled code included; a test compares these with what runs really take.
    private const long CompiledProgram = 24 * MiB, JitProgram = 80 * MiB;
    private const long Stack = MiB / 4;   // what a thread touches of it

    private const long UsualHeap = 24 * MiB;   // the program's own objects, and those that wait for a collection
    private const long CopiesOfLine = 14;   // buffer, text in UTF-16, row, and their growth, of two records at once
    private const long CopiesOfOthers = 4;   // of the fields that are carried: as they are kept, and in the row
    private const long CopiesOfEncodedLine = 6;   // as it stands in the input, up to twice as long as in UTF-8
    private const long BytesPerToken = 96;   // of a sequence on its way into a batch
    private const long PipeBeginning = 2L * InputBeginning.Length;   // a buffer that has grown to it
    private const int MostPipes = 16;   // nobody has more, and empty files look like pipes
    private const long ParquetPages = 96 * MiB;
    private const long ParquetGroup = 64 * MiB;   // of a table being written

    /// <summary>The run's options, with as many threads and long texts at once as there is memory for.</summary>
    public required ScoringOptions Options { get; init; }

    /// <summary>The runtime, its libraries and the stacks of threads, in bytes.</summary>
    public required long Program { get; init; }

    /// <summary>The model file. It is mapped: other processes share it, and the system may drop pages of it.</summary>
    public required long Model { get; init; }

    /// <summary>The buffers of forward passes.</summary>
    public required long Workspaces { get; init; }

    /// <summary>Records, rows and everything else that is collected.</summary>
    public required long Heap { get; init; }

    /// <summary>What of the heap the task itself takes, such as candidates.</summary>
    public required long Task { get; init; }

    /// <summary>The windows of decompressors.</summary>
    public required long Windows { get; init; }

    /// <summary>All of it.</summary>
    public long Bytes => Program + Model + Workspaces + Heap + Windows;

    /// <summary>
    /// Plans a run. Where there is too little memory, fewer long texts and then fewer threads work at once.
    /// </summary>
    /// <param name="task">What will be computed.</param>
    /// <param name="source">Where the records come from; inputs are looked at for their compression.</param>
    /// <param name="options">How to work.</param>
    /// <param name="toTable">Whether the results become a Parquet or Arrow file.</param>
    /// <param name="limit">Bytes that may be used.</param>
    /// <returns>A plan of more <see cref="Bytes"/> than that where the least is too much.</returns>
    /// <exception cref="IOException">An input cannot be read.</exception>
    public static MemoryPlan For(
        RecordTask task, RecordSource source, ScoringOptions options, bool toTable, long limit)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        long windows = source.WindowBytes();
        using GauWorkspace workspace = new(task.Model);
        ScoringOptions fitting = options.OrLongest(task.Head.UsualMaxTokens) with
        {
            LongTexts = Math.Min(options.LongTexts, options.Threads),
        };
        while (true)
        {
            MemoryPlan plan = Of(task, source, fitting, toTable, windows, workspace);
            if (plan.Bytes <= limit || fitting is { Threads: 1, LongTexts: 1 })
                return plan;
            fitting = fitting.LongTexts > 1
                ? fitting with { LongTexts = fitting.LongTexts - 1 }
                : fitting with { Threads = fitting.Threads - 1 };
        }
    }

    private static MemoryPlan Of(
        RecordTask task, RecordSource source, ScoringOptions options, bool toTable, long windows,
        GauWorkspace workspace)
    {
        PassLimits limits = new(options);
        long ofTask = task.HeapBytes(options.Threads);
        bool isCarried = source.Fields.KeepOthers || source.Fields.KeepTexts;
        bool isUtf8 = source.Fields.Encoding == TextEncoding.Utf8;
        long longTexts = options.MaxLength > limits.Tokens
            ? options.LongTexts * workspace.BytesFor(options.MaxLength, 1)
            : 0;
        return new MemoryPlan
        {
            Options = options,
            Program = (JitInfo.GetCompiledMethodCount() > 0 ? JitProgram : CompiledProgram)
                + (options.Threads + 2) * Stack,
            Model = task.Model.File.Length,
            Workspaces = options.Threads * workspace.BytesFor(limits.Tokens, limits.Texts) + longTexts,
            Heap = UsualHeap
                + task.Model.HeapBytesFor(options.MaxLength)
                + (CopiesOfLine + (isCarried ? CopiesOfOthers : 0) + (isUtf8 ? 0 : CopiesOfEncodedLine))
                    * source.LongestLine
                + BytesPerToken * task.MostTokens(options.MaxLength)
                + 2 * FlightBudget.BytesFor(options.Threads)
                + (task.SharesAnswers ? AnswerWindow.BytesFor(task) : 0)
                + ofTask
                + (isUtf8 ? 1 : 2) * PipeBeginning * Math.Min(source.PipesHeld, MostPipes)
                + (source.Inputs.Any(i => i.Format == RecordFormat.Parquet) ? ParquetPages : 0)
                + source.BatchBytes
                + (toTable ? ParquetGroup : 0),
            Task = ofTask,
            Windows = windows,
        };
    }
}
