using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>libtorch on GAU-α, in inference mode.</summary>
internal sealed class TorchEngine : IEngine
{
    private readonly ModelConfig config;
    private readonly ScalarType type;
    private readonly bool masked;
    private readonly Tensor words, segments;   // [V, h], [segments, h]
    private readonly Layer[] layers;
    private readonly List<Padded> batches = [];
    private readonly int threads, callers;
    private readonly Tensor?[] hidden;   // of each caller's last batch [B, n, h]

    private TorchEngine(ModelDescription model, bool half, bool masked, int threads, int callers)
    {
        config = model.Config;
        type = half ? ScalarType.BFloat16 : ScalarType.Float32;
        this.masked = masked;
        this.threads = threads;
        this.callers = callers;
        hidden = new Tensor?[callers];
        int h = config.HiddenSize, e = config.IntermediateSize, s = config.KeySize;
        using DisposeScope scope = NewDisposeScope();
        Tensor Load(string name, params long[] shape) =>
            tensor(RandomModel.Tensor(model, name)).reshape(shape).to(type);
        words = Load(ModelTensors.WordEmbedding, config.VocabSize, h);
        segments = Load(ModelTensors.SegmentEmbedding, config.SegmentCount, h);
        Tensor order = cat([arange(0, s, 2), arange(1, s, 2)]);   // RoPE by halves
        layers = [.. Enumerable.Range(0, config.LayerCount).Select(i =>
        {
            string Name(string part) => ModelTensors.Layer(i, "gau." + part);
            Tensor w = Load(Name("i_dense"), 2 * e + s, h);
            return new Layer(
                cat([w[..(2 * e)], w[(2 * e)..].index_select(0, order)]), Load(Name("o_dense"), h, e),
                Load(Name("q_gamma"), s).index_select(0, order), Load(Name("k_gamma"), s).index_select(0, order));
        })];
        scope.Detach([words, segments, .. layers.SelectMany(layer => layer.All)]);
    }

    /// <summary>Name and version of the runtime; may be asked for without the native library.</summary>
    public static string Version => $"libtorch {torch.__version__} (TorchSharp)";

    /// <summary>Loads the random weights of a GAU-α model.</summary>
    /// <param name="model">Whose weights.</param>
    /// <param name="half">bfloat16 instead of float.</param>
    /// <param name="masked">Whether batches are padded.</param>
    /// <param name="threads">Threads of an operation.</param>
    /// <param name="callers">Batches at a time.</param>
    public static IEngine Open(ModelDescription model, bool half, bool masked, int threads, int callers) =>
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
            this.batches.Add(new Padded(texts, config, type, masked));
    }

    /// <inheritdoc/>
    public void Run() => Callers.Run(batches.Count, callers, (batch, caller) =>
    {
        if (get_num_threads() != threads)
            set_num_threads(threads);   // the calling thread's
        using IDisposable inference = inference_mode();
        hidden[caller]?.Dispose();
        hidden[caller] = Forward(batches[batch]);
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
        foreach (Tensor weights in (Tensor[])[words, segments, .. layers.SelectMany(layer => layer.All)])
            weights.Dispose();
    }

    private Tensor Forward(Padded batch)
    {
        Tensor x;
        using (DisposeScope scope = NewDisposeScope())
            x = Norm(words[batch.Ids] + segments[0]).MoveToOuterDisposeScope();
        foreach (Layer layer in layers)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor y = Forward(layer, x, batch);
            x.Dispose();
            x = y.MoveToOuterDisposeScope();
        }
        return x.DetachFromDisposeScope();
    }

    private Tensor Forward(Layer layer, Tensor x, Padded batch)
    {
        int e = config.IntermediateSize, s = config.KeySize;
        Tensor y = nn.functional.silu(nn.functional.linear(x, layer.Input), inplace: true);
        Tensor z = y.narrow(-1, 2 * e, s);
        Tensor q = batch.Rotate(z * (layer.QueryGamma * batch.Factor)), k = batch.Rotate(z * layer.KeyGamma);
        Tensor scores = q.matmul(k.mT);
        if (batch.Bias is not null)
            scores.add_(batch.Bias);
        Tensor o = nn.functional.softmax(scores, -1).matmul(y.narrow(-1, e, e));
        return Norm(nn.functional.linear(o.mul_(y.narrow(-1, 0, e)), layer.Output).add_(x));
    }

    /// <summary>x √h / ‖x‖, in place; eps is below the precision of a float.</summary>
    private Tensor Norm(Tensor x) =>
        x.div_(linalg.vector_norm(x, 2, [-1], keepdim: true).mul_(1 / Math.Sqrt(config.HiddenSize)));

    /// <param name="Input">W_i [2e + s, h], z by halves.</param>
    /// <param name="Output">W_o [h, e].</param>
    /// <param name="QueryGamma">[s].</param>
    /// <param name="KeyGamma">[s].</param>
    private sealed record Layer(Tensor Input, Tensor Output, Tensor QueryGamma, Tensor KeyGamma)
    {
        public Tensor[] All => [Input, Output, QueryGamma, KeyGamma];
    }
}
