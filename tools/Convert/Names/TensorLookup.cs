using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Names;

/// <summary>Finds the tensors of a model in a checkpoint and checks type and shape.</summary>
internal sealed class TensorLookup
{
    private readonly ICheckpoint checkpoint;
    private readonly Dictionary<string, TensorEntry> entries;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    public TensorLookup(ICheckpoint checkpoint)
    {
        this.checkpoint = checkpoint;
        entries = checkpoint.Tensors.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Tensors that nothing has asked for, in file order.</summary>
    public IEnumerable<TensorEntry> Unused => checkpoint.Tensors.Where(entry => !used.Contains(entry.Name));

    /// <summary>Whether there is a tensor of a name.</summary>
    public bool Has(string name) => entries.ContainsKey(name);

    /// <summary>A tensor as the checkpoint lists it, whoever takes it; null where there is none.</summary>
    public TensorEntry? Entry(string name) => entries.GetValueOrDefault(name);

    /// <summary>Finds a tensor by name.</summary>
    public SourceTensor Find(TensorSpec spec, string name, bool transposed) => Use(spec, entries[name], transposed);

    /// <summary>The error of a tensor that is not there; an object of a class may have its name.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="spec">The tensor.</param>
    /// <param name="transposed">Whether it would be stored [in, out].</param>
    /// <param name="advice">What to do; may be empty.</param>
    public GauFormatException Missing(string name, TensorSpec spec, bool transposed, string advice)
    {
        string? made = checkpoint.LeftOut.FirstOrDefault(
            shown => shown.StartsWith(name + " (", StringComparison.Ordinal));
        return new GauFormatException(checkpoint.Path, name, made is null
            ? $"the tensor is missing; shape {Expected(spec, transposed)} was expected{advice}"
            : $"no tensor, but an object of class {made[(name.Length + 2)..^1]}, which is not read");
    }

    /// <summary>Takes a tensor for a part of the model.</summary>
    /// <exception cref="GauFormatException">Its shape or type is not what the configuration says.</exception>
    public SourceTensor Use(TensorSpec spec, TensorEntry entry, bool transposed)
    {
        if (!entry.Shape.SequenceEqual(Shape(spec, transposed)) && !IsPadded(spec, entry))
            throw new GauFormatException(checkpoint.Path, entry.Name,
                $"shape {entry.ShapeText}, but the configuration says {Expected(spec, transposed)}");
        if (!IsFloat(entry.Type))
            throw new GauFormatException(checkpoint.Path, entry.Name,
                $"the elements are {entry.StoredType ?? Elements.Name(entry.Type)}, not floating-point numbers: "
                + "quantized weights are not read, convert the checkpoint that they were made from");
        // The exact weights are always written too.
        long bytes = Math.Max(
            StoredTensors.For(spec, new StoredMatrix(spec.Name, WeightType.F32, 0))[0].ByteLength,
            entry.ElementCount * sizeof(float));
        if (bytes > Array.MaxLength)
            throw new GauFormatException(checkpoint.Path, entry.Name,
                $"{bytes} bytes in single precision; a tensor of a model has at most {Array.MaxLength}");
        used.Add(entry.Name);
        return new SourceTensor(entry, transposed);
    }

    /// <summary>Whether a type is a floating-point type that converts to single precision.</summary>
    public static bool IsFloat(ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Whether a matrix of the vocabulary has rows behind those of the tokens, as some are padded.</summary>
    private static bool IsPadded(TensorSpec spec, TensorEntry entry) => spec.Name switch
    {
        ModelTensors.WordEmbedding or ModelTensors.Decoder =>
            entry.Shape is [var rows, var columns] && rows > spec.Rows && columns == spec.Columns,
        ModelTensors.MaskedLmBias => entry.Shape is [var length] && length > spec.Columns,
        _ => false,
    };

    private static string Expected(TensorSpec spec, bool transposed) =>
        $"[{string.Join(", ", Shape(spec, transposed))}]";

    /// <summary>The shape that a tensor has in a checkpoint.</summary>
    /// <param name="spec">The tensor.</param>
    /// <param name="transposed">Whether it is stored [in, out].</param>
    public static long[] Shape(TensorSpec spec, bool transposed)
    {
        // A classifier with one output is a matrix of one row, not a vector.
        if (spec.Role == TensorRole.Rows
            && spec.Name is not (ModelTensors.SegmentEmbedding or ModelTensors.PositionEmbedding))
            return [spec.Columns];
        return transposed ? [spec.Columns, spec.Rows] : [spec.Rows, spec.Columns];
    }
}
