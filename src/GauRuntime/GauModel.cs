using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Sessions;
using GauRuntime.Text;
using GauRuntime.Threads;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>A loaded model: weights, tokenizer, switches. The weights are views of the mapped model file.</summary>
/// <remarks>
/// Immutable and thread-safe; share one among all threads, with a <see cref="GauWorkspace"/> for each. Dispose it
/// after the last forward pass.
/// </remarks>
public sealed unsafe class GauModel : IDisposable
{
    private const int UsualPositions = 512;
    private const long BytesPerWord = 256;   // of the vocabulary: its text and its places in two tables
    private const long CharacterTables = 2L * (char.MaxValue + 1) * sizeof(int);   // of the tokenizer

    private readonly Lock growing = new();
    private RotaryTable? rotary;
    private TierKernels? kernels;
    private volatile bool disposed;
    private int users = 1;   // whoever loaded it, and every workspace

    private string tier;
    private readonly Func<string, ModelFileReader>? parts;   // the files are others', who outlive this

    private GauModel(
        ModelFileReader file, UnmanagedMemoryStream? memory, string tier, int? maxConcurrency,
        Func<string, ModelFileReader>? parts = null, AttentionType? attention = null)
    {
        int most = maxConcurrency ?? ThreadLimit.Of(Environment.GetEnvironmentVariable);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(maxConcurrency));
        Sessions = new SessionPool(this, most);
        File = file;
        Memory = memory;
        this.tier = tier;
        Config = file.Description.Config with { Attention = attention ?? file.Description.Config.Attention };
        this.parts = parts;
        Func<string, ModelFileReader> files = parts ?? (_ => file);
        try
        {
            Tokenizer = new GauTokenizer(file.Description.Vocabulary, file.Description.Tokenizer);
        }
        catch (ArgumentException e)
        {
            throw new GauFormatException(file.Path, "gau.vocab", e.Message, e);
        }
        Layers = [.. Enumerable.Range(0, Config.LayerCount).Select(i => Layer.Load(Config, files, i))];
        WordEmbedding = new Dense(files(ModelTensors.WordEmbedding).Matrix(ModelTensors.WordEmbedding), 0);
        SegmentEmbedding = file.Rows(ModelTensors.SegmentEmbedding);
        PositionEmbedding = file.Rows(ModelTensors.PositionEmbedding);
        EmbeddingNorm = Norm.Load(Config, files, ModelTensors.EmbeddingNorm);
        EmbeddingProjection =
            Config.EmbeddingSize is null ? null : Dense.Load(files, ModelTensors.EmbeddingProjection);
        MaskedLm = (Config.UntiedDecoder ? Dense.Load(files, ModelTensors.Decoder) : WordEmbedding) with
        {
            Bias = (nint)file.Rows(ModelTensors.MaskedLmBias),
        };
        if (Config.MaskedLmTransform)
        {
            MaskedLmTransform = Dense.Load(files, ModelTensors.MaskedLmTransform);
            MaskedLmNorm = Norm.Load(Config, files, ModelTensors.MaskedLmNorm);
        }
        HeadDense = Head.HasDense ? Dense.Load(files, ModelTensors.HeadDense) : null;
        HeadOut = Head.OutputCount > 0 ? Dense.Load(files, ModelTensors.HeadOut) : null;
        int dense = Embedding?.Steps.Count(step => step.Dense is not null) ?? 0;
        EmbeddingDense = [.. Enumerable.Range(0, dense).Select(i => Dense.Load(files, ModelTensors.EmbeddingDense(i)))];
    }

    /// <summary>Sizes and switches.</summary>
    public ModelConfig Config { get; }

    /// <summary>The head, besides the masked LM where there is one.</summary>
    public HeadConfig Head => File.Description.Head;

    /// <summary>How the model makes the vector of a text; null: it does not say, and callers do.</summary>
    public EmbeddingConfig? Embedding => File.Description.Embedding;

    /// <summary>The model's tokenizer.</summary>
    public GauTokenizer Tokenizer { get; }

    /// <summary>The open model file.</summary>
    public ModelFileReader File { get; }

    /// <summary>The kernel tier in use, once a pass has been computed or the kernels are made otherwise.</summary>
    public string Tier => kernels?.Tier ?? KernelTiers.InsteadOf(tier);

    /// <summary>
    /// How many callers of <see cref="GauClassifier"/>, <see cref="GauEmbedder"/> and the like compute at once, each
    /// with buffers of its own; further ones wait.
    /// </summary>
    public int MaxConcurrency => Sessions.Most;

    /// <summary>
    /// Tokens of a text at most: <see cref="GauBatch.MaxLength"/>, or as many as positions were learned.
    /// </summary>
    public int MaxTokens => Config.MaxTokens ?? GauBatch.MaxLength;

    /// <summary>Where texts are cut if nobody says, in tokens; those that become vectors may have their own.</summary>
    internal int UsualMaxTokens => Math.Min(Head.MaxTokens ?? GauBatch.UsualMaxLength, MaxTokens);

    internal SessionPool Sessions { get; }

    /// <summary>Made for the first who computes: whoever only looks at a model does not wait for them.</summary>
    internal KernelSet Kernels => (kernels ??= KernelTiers.Choose(tier, Blocks())).Kernels;

    internal Layer[] Layers { get; }

    internal Dense WordEmbedding { get; }   // E as h → V

    internal float* SegmentEmbedding { get; }   // [segments, width of the embeddings] or null

    internal float* PositionEmbedding { get; }   // [positions, width of the embeddings] or null

    internal Norm EmbeddingNorm { get; }

    internal Dense? EmbeddingProjection { get; }   // width of the embeddings → h, where they differ

    internal Dense MaskedLm { get; }   // width of the embeddings → V: E, or a matrix of its own

    internal Dense? MaskedLmTransform { get; }   // h → width of the embeddings

    internal Norm MaskedLmNorm { get; }

    internal Dense? HeadDense { get; }   // h → m

    internal Dense? HeadOut { get; }   // m → outputs, or h → outputs

    internal Dense[] EmbeddingDense { get; }   // behind the pooling, in order

    private UnmanagedMemoryStream? Memory { get; }

    /// <summary>
    /// Makes the kernels, which the first pass would wait for, and so settles <see cref="Tier"/>: where the system
    /// refuses memory for the best, the next are used.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException"><c>GAU_ISA</c> asks for kernels that cannot be made.</exception>
    public void Prepare() => _ = Kernels;

    /// <summary>
    /// Has workspaces that are made from now on compute with a tier's kernels; those made earlier are of no use any
    /// longer. Not while a pass runs.
    /// </summary>
    /// <param name="name">One of <see cref="KernelTiers.Available"/>; <see cref="Tier"/> says what it came to.</param>
    internal void Use(string name) => (tier, kernels) = (name, KernelTiers.Choose(name, Blocks()));

    /// <summary>Has the passes of workspaces that are made from now on tell how long their steps take.</summary>
    /// <param name="times">Are told; null: those made from now on are as they were.</param>
    internal void Profile(StepTimes? times)
    {
        TierKernels chosen = KernelTiers.Choose(tier, Blocks());
        kernels = times is null ? chosen : chosen with { Kernels = new TimedKernels(chosen.Kernels, times) };
    }

    /// <summary>What a model holds at most besides its file: the vocabulary, and the positions of its texts.</summary>
    /// <param name="longest">Tokens of the longest text.</param>
    public long HeapBytesFor(int longest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(longest);
        // A table grows to twice its length, and the shorter one is there until it is collected.
        long positions = 2 * Math.Min(GauBatch.MaxLength, 2L * Math.Max(longest, UsualPositions));
        return Config.VocabSize * BytesPerWord + CharacterTables
            + positions * 2 * AxisLayout.Pad(Config.KeySize / 2) * sizeof(float);
    }

    /// <summary>Maps and checks a model file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxConcurrency">
    /// <see cref="MaxConcurrency"/>; null: the processors that this process may use, <see cref="ThreadLimit"/>.
    /// </param>
    /// <exception cref="GauFormatException">The file is no sound model file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="PlatformNotSupportedException"><c>GAU_ISA</c> asks for what this machine lacks.</exception>
    public static GauModel Load(string path, int? maxConcurrency = null) =>
        Load(path, KernelTiers.Current, maxConcurrency);

    /// <summary>Checks a model that is embedded in the program; its weights are used where they are.</summary>
    /// <param name="embedded">A resource stream; kept open until <see cref="Dispose"/>.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="maxConcurrency"><see cref="MaxConcurrency"/>, as for a file.</param>
    /// <exception cref="GauFormatException">The bytes are no sound model file.</exception>
    public static GauModel Load(UnmanagedMemoryStream embedded, string name, int? maxConcurrency = null)
    {
        ArgumentNullException.ThrowIfNull(embedded);
        embedded.Position = 0;
        string tier = KernelTiers.Current;
        return Load(
            ModelFileReader.Open(embedded.PositionPointer, embedded.Length, name), embedded, tier, maxConcurrency);
    }

    internal static GauModel Load(string path, string tier, int? maxConcurrency = null) =>
        Load(ModelFileReader.Open(path), null, tier, maxConcurrency);

    private static GauModel Load(
        ModelFileReader file, UnmanagedMemoryStream? memory, string tier, int? maxConcurrency)
    {
        try
        {
            return new GauModel(file, memory, tier, maxConcurrency);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends the use of the model: what begins from now on throws. The weights are unmapped when the last workspace is
    /// disposed, so a pass that another thread is in comes to its end.
    /// </summary>
    public void Dispose()
    {
        lock (growing)
        {
            if (disposed)
                return;
            disposed = true;
        }
        Sessions.Dispose();
        Release();
    }

    /// <summary>Keeps the weights mapped until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    internal void Retain()
    {
        lock (growing)
        {
            RequireOpen();
            users++;
        }
    }

    /// <summary>The last one to call this unmaps the weights.</summary>
    internal void Release()
    {
        lock (growing)
        {
            if (--users > 0)
                return;
        }
        if (parts is not null)
            return;
        File.Dispose();
        Memory?.Dispose();
    }

    /// <summary>
    /// The same model with the weights of some tensors, or its attention, as other files have them: a way to compare
    /// how they may be stored without writing a file for each.
    /// </summary>
    /// <param name="part">The model, of the same sizes, that a tensor is taken from; must outlive the result.</param>
    /// <param name="attention">How attention multiplies.</param>
    internal GauModel With(Func<string, GauModel> part, AttentionType attention) =>
        new(File, null, tier, null, name => part(name).File, attention);

    /// <summary>The sizes of the int8 blocks of its matrices, those of attention among them.</summary>
    private int[] Blocks() =>
    [
        .. Layers.SelectMany(layer => layer.Products).Append(EmbeddingProjection).Append(MaskedLm).Append(HeadDense)
            .Append(HeadOut)
            .OfType<Dense>().Where(dense => dense.Weights.Type == WeightType.Int8)
            .Select(dense => dense.Weights.Block)
            .Concat(Config.Attention == AttentionType.Int8 ? [Int8Attention.FeatureBlock(Config)] : []).Distinct(),
    ];

    /// <summary>Throws once the weights are no longer mapped: reading them would end the process.</summary>
    internal void RequireOpen() => ObjectDisposedException.ThrowIf(disposed, this);

    /// <summary>Throws where there is no masked LM.</summary>
    internal void RequireMaskedLm()
    {
        if (!Config.HasMaskedLm)
            throw new InvalidOperationException($"{File.Path}: the model has no masked LM");
    }

    /// <summary>A table of at least so many positions; grown for all threads when a longer text comes.</summary>
    internal RotaryTable Rotary(int positions)
    {
        RotaryTable? table = rotary;
        if (table is not null && positions <= table.Positions)
            return table;
        lock (growing)
        {
            int present = rotary?.Positions ?? 0;
            if (positions > present)
                rotary = new RotaryTable(
                    Math.Min(GauBatch.MaxLength, Math.Max(positions, Math.Max(UsualPositions, 2 * present))),
                    Config.KeySize);
            return rotary!;
        }
    }
}
