using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>libtorch, in inference mode.</summary>
internal sealed class TorchEngine : IEngine
{
    private readonly PeerModel model;
    private readonly TorchEncoder encoder;
    private readonly ScalarType type;
    private readonly bool masked;
    private readonly List<Padded> batches = [];
    private readonly int threads, callers;
    private readonly Tensor?[] hidden;   // of each caller's last batch [B, n, h]

    private TorchEngine(PeerModel model, bool half, bool masked, int threads, int callers)
    {
        this.model = model;
        type = half ? ScalarType.BFloat16 : ScalarType.Float32;
        encoder = TorchEncoder.Load(model, type);
        this.masked = masked;
        this.threads = threads;
        this.callers = callers;
        hidden = new Tensor?[callers];
    }

    /// <summary>Name and version of the runtime; may be asked for without the native library.</summary>
    public static string Version => $"libtorch {torch.__version__} (TorchSharp)";

    /// <summary>Loads the random weights of a model.</summary>
    /// <param name="model">Whose weights.</param>
    /// <param name="half">bfloat16 instead of float.</param>
    /// <param name="masked">Whether batches are padded.</param>
    /// <param name="threads">Threads of an operation.</param>
    /// <param name="callers">Batches at a time.</param>
    public static IEngine Open(PeerModel model, bool half, bool masked, int threads, int callers) =>
        new TorchEngine(model, half, masked, threads, callers);

    /// <summary>null, or why libtorch cannot run here.</summary>
    public static string? Fault()
    {
        try
        {
            using Tensor one = ones(1);
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            string reason = e.GetBaseException().Message;
            return reason.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "TorchSharp needs libstdc++ of GCC 13.2 or later; see benchmarks/Peers/README.md"
                : reason.ReplaceLineEndings(" ");
        }
    }

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<int[][]> batches)
    {
        foreach (Padded batch in this.batches)
            batch.Dispose();
        this.batches.Clear();
        foreach (int[][] texts in batches)
            this.batches.Add(new Padded(texts, model.Description.Config, type, masked));
    }

    /// <inheritdoc/>
    public void Run() => Callers.Run(batches.Count, callers, (batch, caller) =>
    {
        if (get_num_threads() != threads)
            set_num_threads(threads);   // the calling thread's
        using IDisposable inference = inference_mode();
        hidden[caller]?.Dispose();
        hidden[caller] = encoder.Forward(batches[batch]);
    });

    /// <inheritdoc/>
    public float[] Hidden(int text)
    {
        using Tensor states = hidden[0]![text, ..batches[0].Texts[text].Length].to(ScalarType.Float32).contiguous();
        return states.data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Padded batch in batches)
            batch.Dispose();
        foreach (Tensor? states in hidden)
            states?.Dispose();
        encoder.Dispose();
    }
}
