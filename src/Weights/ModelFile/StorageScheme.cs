namespace GauRuntime.Weights.ModelFile;

/// <summary>How one matrix is stored.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Type">Float or int8 blocks.</param>
/// <param name="Block">Inputs per block: 32, 64, 128 or 256; 0 for float.</param>
internal sealed record StoredMatrix(string Name, WeightType Type, int Block)
{
    /// <summary>Whether another matrix is stored the same way.</summary>
    public bool IsLike(StoredMatrix other) => other is not null && Type == other.Type && Block == other.Block;
}

/// <summary>How the matrices of a model are stored: all the same way, or some otherwise.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class StorageScheme
{
    /// <summary>Sizes that int8 blocks can have, in inputs. Sums of larger ones would not be exact as floats.</summary>
    public static IReadOnlyList<int> Blocks { get; } = [32, 64, 128, 256];

    private readonly Dictionary<string, StoredMatrix> otherwise = new(StringComparer.Ordinal);

    /// <summary>Creates a scheme.</summary>
    /// <param name="type">How matrices are stored.</param>
    /// <param name="block">Inputs per int8 block: 32, 64, 128 or 256; ignored for float.</param>
    /// <param name="otherwise">Matrices that are stored another way, or null.</param>
    public StorageScheme(WeightType type, int block, IEnumerable<StoredMatrix>? otherwise = null)
    {
        Type = type;
        Block = type == WeightType.Int8 ? block : 0;
        foreach (StoredMatrix matrix in otherwise ?? [])
            this.otherwise.TryAdd(matrix.Name, matrix);
    }

    /// <summary>
    /// The scheme that is taken unless somebody says otherwise: int8, every matrix in blocks of
    /// <see cref="UsualBlock"/>. The block that most of them have is the rule, of two the larger.
    /// </summary>
    /// <param name="specs">The tensors of a model.</param>
    public static StorageScheme Usual(IReadOnlyList<TensorSpec> specs)
    {
        StoredMatrix[] matrices = [.. specs.Where(spec => spec.Role == TensorRole.Matrix)
            .Select(spec => new StoredMatrix(spec.Name, WeightType.Int8, UsualBlock(spec)))];
        int rule = matrices.GroupBy(matrix => matrix.Block)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First().Key;
        return new StorageScheme(WeightType.Int8, rule, matrices.Where(matrix => matrix.Block != rule));
    }

    /// <summary>
    /// Inputs per int8 block of a matrix where nobody says otherwise: 256, or 128 or 64 where larger blocks would have
    /// more than a tenth of zeros behind the inputs. What larger blocks save is a tenth (<c>docs/convert.md</c>).
    /// </summary>
    public static int UsualBlock(TensorSpec spec)
    {
        int least = StoredTensors.Depth(spec, WeightType.Int8, 64);
        return Blocks.Last(block =>
            block == 64 || (block > 64 && 10 * (long)StoredTensors.Depth(spec, WeightType.Int8, block) <= 11L * least));
    }

    /// <summary>A scheme of one type.</summary>
    /// <param name="type">How matrices are stored.</param>
    /// <param name="block">Inputs per int8 block, or null: as <see cref="Usual"/>; ignored for float.</param>
    /// <param name="specs">The tensors of the model.</param>
    public static StorageScheme OfType(WeightType type, int? block, IReadOnlyList<TensorSpec> specs) =>
        type == WeightType.Int8 && block is null ? Usual(specs) : new StorageScheme(type, block ?? 0);

    /// <summary>How matrices are stored.</summary>
    public WeightType Type { get; }

    /// <summary>Inputs per int8 block; 0 for float.</summary>
    public int Block { get; }

    /// <summary>How a tensor is stored; what is no matrix of the encoder is float.</summary>
    public StoredMatrix Of(TensorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Role != TensorRole.Matrix)
            return new StoredMatrix(spec.Name, WeightType.F32, 0);
        return otherwise.GetValueOrDefault(spec.Name) ?? new StoredMatrix(spec.Name, Type, Block);
    }

    /// <summary>The matrices of a model that are stored another way than the others, in order; or null.</summary>
    internal IReadOnlyList<StoredMatrix>? OtherwiseOf(IEnumerable<TensorSpec> specs)
    {
        StoredMatrix rule = new("", Type, Block);
        StoredMatrix[] found = [.. specs.Where(spec => spec.Role == TensorRole.Matrix).Select(Of)
            .Where(matrix => !matrix.IsLike(rule))];
        return found.Length == 0 ? null : found;
    }

    /// <summary>Whether a model can be stored so.</summary>
    /// <param name="config">Sizes of the model.</param>
    /// <param name="specs">Its tensors.</param>
    /// <returns>null, or what is wrong, in words for the user.</returns>
    internal string? Fault(ModelConfig config, IReadOnlyList<TensorSpec> specs)
    {
        HashSet<string> matrices = new(
            specs.Where(spec => spec.Role == TensorRole.Matrix).Select(spec => spec.Name), StringComparer.Ordinal);
        StoredMatrix rule = new(ModelTensors.WordEmbedding, Type, Block);
        foreach (StoredMatrix matrix in otherwise.Values.Append(rule))
        {
            if (!matrices.Contains(matrix.Name))
                return $"'{Printable.OneLine(matrix.Name)}' is stored another way, but is no matrix of this encoder";
            if (matrix.Type == WeightType.Int8 && !Blocks.Contains(matrix.Block))
                return $"block {matrix.Block} is not 32, 64, 128 or 256";
        }
        if (config.Traits.StoredAlike.Count == 0)
            return null;
        Dictionary<string, TensorSpec> byName = specs.ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            StoredMatrix[] parts =
                [.. config.Traits.StoredAlike.Select(part => Of(byName[ModelTensors.Layer(layer, part)]))];
            // One quantization of x serves all.
            if (parts.Any(part => !part.IsLike(parts[0])))
                return $"query, key and value of layer {layer} are not stored the same way";
        }
        return null;
    }
}
