using System.Runtime.ExceptionServices;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>
/// Where records end in inputs, every 64 MiB, so that a share, or a run that goes on, begins to read near its own first
/// record and not at the first of all.
/// </summary>
/// <remarks>
/// It says for every input its size and time, how it is read, how many records it has, and of each 64 MiB the first
/// place where a record ends, the number of the next record and line, and the digest of the bytes. Of inputs that are
/// compressed, of arrays of JSON and JSON over several lines, and of Parquet and Arrow, it says all that but places.
/// Immutable; safe to use from any thread.
/// </remarks>
public sealed class InputIndex
{
    private const string Remedy = "'gau index' makes another index";

    private readonly Dictionary<string, IndexedInput> named;

    internal InputIndex(IReadOnlyList<IndexedInput> inputs, long blockLength)
    {
        (Inputs, BlockLength) = (inputs, blockLength);
        named = inputs.ToDictionary(input => input.Name);
    }

    /// <summary>Records in all inputs.</summary>
    public long Records => Inputs.Sum(input => input.Records);

    /// <summary>Size of all inputs, in bytes.</summary>
    public long Bytes => Inputs.Sum(input => input.Size);

    /// <summary>What is known, in the order of the inputs.</summary>
    internal IReadOnlyList<IndexedInput> Inputs { get; }

    /// <summary>Bytes between two places.</summary>
    internal long BlockLength { get; }

    /// <summary>Passes over inputs once.</summary>
    /// <param name="inputs">Files; one of a name that was there already is left out.</param>
    /// <param name="fields">How they are read: encoding, quotes, delimiter, header.</param>
    /// <param name="threads">On how many threads, at least 1.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="ScoringException">An input is no file.</exception>
    /// <exception cref="IOException">An input cannot be read, or is changed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static InputIndex Make(
        IReadOnlyList<InputFile> inputs, RecordFields fields, int threads, CancellationToken cancel) =>
        Make(inputs, fields, threads, null, InputDigest.UsualBlock, inBlocks: true, cancel);

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GauFormatException">It is no index, or was changed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static InputIndex Read(string path) => IndexFile.Read(path);

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Write(Stream output) => IndexFile.Write(this, output);

    /// <inheritdoc cref="Make(IReadOnlyList{InputFile}, RecordFields, int, CancellationToken)"/>
    /// <param name="inputs">Files.</param>
    /// <param name="fields">How they are read.</param>
    /// <param name="threads">On how many threads.</param>
    /// <param name="read">Is told how many bytes more were read; from any thread.</param>
    /// <param name="blockLength">Bytes between two places.</param>
    /// <param name="inBlocks">Whether inputs are read in blocks, or all by the readers of runs.</param>
    /// <param name="cancel">Ends it.</param>
    internal static InputIndex Make(
        IReadOnlyList<InputFile> inputs, RecordFields fields, int threads, Action<long>? read, long blockLength,
        bool inBlocks, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        InputFile[] once = [.. inputs.DistinctBy(input => input.Name)];
        if (once.FirstOrDefault(input => input.Reader is not null || input.Format == RecordFormat.Npy) is { } other)
            throw new ScoringException(ScoringFault.Usage, "has no format that can be indexed", other.Name);
        IndexedInput[] indexed = new IndexedInput[once.Length];
        // All that is done at once, inputs and blocks of them, is done on so many threads.
        ParallelOptions work = new()
        {
            CancellationToken = cancel,
            MaxDegreeOfParallelism = threads,
            TaskScheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler,
        };
        try
        {
            Parallel.For(0, once.Length, work, i => indexed[i] =
                new InputPass(once[i], fields, blockLength, work, read) { InBlocks = inBlocks }.Run());
        }
        catch (AggregateException e)
        {
            // One fault is as good as all: the next pass tells the others.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
        RequireCountable(indexed);
        return new InputIndex(indexed, blockLength);
    }

    /// <summary>What is known of an input.</summary>
    /// <exception cref="ScoringException">It is not listed, or was changed since.</exception>
    internal IndexedInput Of(InputFile input)
    {
        if (!named.TryGetValue(input.Name, out IndexedInput? known))
            throw new ScoringException(
                ScoringFault.Usage, "the index does not list this input; 'gau index' with all inputs, by these names, "
                + "makes one that does", input.Name);
        long size = input.Stamp?.Length ?? input.Length ?? 0;
        string? changed = known.Size != size ? $"it had {known.Size} bytes and has {size}"
            : known.Modified != (input.Stamp?.Modified ?? 0) && size > 0 ? "it has been written to"
            : null;
        return changed is null ? known : throw Mismatch(input, $"was changed since it was indexed ({changed})");
    }

    /// <summary>What is known of an input, where a run reads it as the index did.</summary>
    /// <inheritdoc cref="Of(InputFile)" path="/exception"/>
    internal IndexedInput Of(InputFile input, InputBeginning beginning, RecordFields fields, int longestLine)
    {
        IndexedInput known = Of(input);
        bool isDelimited = RecordFormats.IsDelimited(input.Format);
        IndexReading reading = IndexReading.Of(
            input.Format, RecordFormats.IsTable(input.Format) ? TextEncoding.Utf8 : beginning.Encoding);
        if (isDelimited)
            reading = reading with
            {
                Quotes = beginning.Quotes, Delimiter = beginning.Delimiter, HasHeader = fields.HasHeader,
                IsSingle = beginning.IsSingle,
            };
        if (reading != known.Reading)
            throw new ScoringException(
                ScoringFault.Mismatch, $"was indexed as {known.Reading}, and is read as {reading}; "
                + (isDelimited && reading.Quotes != known.Reading.Quotes
                    ? "--quotes rfc or --quotes none for both, 'gau index' and this, settles it"
                    : Remedy), input.Name);
        if (known.LongestBlank > longestLine)
            throw Mismatch(
                input, $"has lines of more white space than --max-line {longestLine}, which the index has passed over");
        return known;
    }

    private static void RequireCountable(IndexedInput[] inputs)
    {
        long records = 0;
        foreach (IndexedInput input in inputs)
        {
            if (input.Records > long.MaxValue - records)
                throw new GauFormatException(input.Name, $"record {input.Records}", RecordErrors.Uncountable);
            records += input.Records;
        }
    }

    private static ScoringException Mismatch(InputFile input, string reason) =>
        new(ScoringFault.Mismatch, $"{reason}; {Remedy}", input.Name);
}
