using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>What <see cref="Layer.Project"/> computes.</summary>
[Flags]
internal enum Projection
{
    /// <summary>k and v.</summary>
    Keys = 1,
    /// <summary>q, and the gate where there is one.</summary>
    Queries = 2,
    /// <summary>All of them.</summary>
    All = Keys | Queries,
}

/// <summary>
/// A layer of an encoder, in two halves: attention needs the keys and values of all rows of a text, everything else
/// stays within a row.
/// </summary>
/// <remarks>
/// A layer is weights and formulas; rows, columns and buffers are the worker's. Immutable and thread-safe.
/// </remarks>
internal abstract class Layer(int index)
{
    /// <summary>Its number, from 0 on.</summary>
    public int Index { get; } = index;

    /// <summary>k and v of neighbouring layers lie in different buffers.</summary>
    public int Parity => Index & 1;

    /// <summary>What takes x first.</summary>
    public abstract Dense Input { get; }

    /// <summary>All its products.</summary>
    public abstract Dense[] Products { get; }

    /// <summary>Columns of a gate that <see cref="Project"/> leaves for <see cref="Attend"/>, padded; or 0.</summary>
    public virtual int GateColumns => 0;

    /// <summary>Loads a layer.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="files">The file that a tensor is taken from.</param>
    /// <param name="index">Its number, from 0 on.</param>
    public static Layer Load(ModelConfig config, Func<string, ModelFileReader> files, int index) =>
        config.Traits.Layer == LayerKind.GatedAttention
            ? new GatedAttentionUnit(config, files, index)
            : new AttentionFfn(config, files, index);

    /// <summary>q, k and v of x.</summary>
    /// <param name="worker">Who computes.</param>
    /// <param name="what">Which of them.</param>
    public abstract void Project(PassWorker worker, Projection what);

    /// <summary>From attention to the next x.</summary>
    /// <param name="worker">Who computes.</param>
    /// <param name="next">What takes that x, or null: nothing does.</param>
    public abstract void Attend(PassWorker worker, Dense? next);
}
