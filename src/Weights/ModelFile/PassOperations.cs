namespace GauRuntime.Weights.ModelFile;

/// <summary>The arithmetic of a forward pass: multiply-adds of its products, each two operations.</summary>
/// <param name="Dense">Of the dense layers, in the number type of the weights. Embeddings are looked up.</param>
/// <param name="Attention">Of q kᵀ and A v, in the number type that the model has for them.</param>
internal readonly record struct PassOperations(double Dense, double Attention)
{
    public double Total => Dense + Attention;

    /// <summary>Of texts of n tokens each.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="texts">Texts.</param>
    /// <param name="n">Tokens of a text.</param>
    public static PassOperations Of(ModelConfig config, int texts, int n) => new(
        2.0 * texts * n * (config.ProjectionWeights + config.LayerCount * config.LayerWeights),
        2.0 * texts * OfAttention(config, n));

    /// <summary>The same, where the last hidden states of some tokens of each text are read.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="texts">Texts.</param>
    /// <param name="n">Tokens of a text.</param>
    /// <param name="read">How many of them are read.</param>
    public static PassOperations Of(ModelConfig config, int texts, int n, int read)
    {
        PassOperations all = Of(config, texts, n);
        if (!AreFew(read, n))
            return all;
        double dense = (double)n * config.KeyWeights + (double)read * config.QueryWeights;
        return new PassOperations(
            all.Dense - 2.0 * texts * (n * (double)config.LayerWeights - dense),
            all.Attention / config.LayerCount * (config.LayerCount - 1 + (double)read / n));
    }

    /// <summary>
    /// Whether so few tokens are read that the last layer is computed for their rows alone. It saves two thirds of a
    /// row that nobody reads, and costs the others a step of their own: their queries come behind the keys of all.
    /// </summary>
    /// <param name="read">Tokens that are read.</param>
    /// <param name="tokens">Of so many.</param>
    public static bool AreFew(long read, long tokens) => 8 * read <= 7 * tokens;

    /// <summary>Multiply-adds of the attention of all layers, for a text of n tokens.</summary>
    public static double OfAttention(ModelConfig config, int n) =>
        (double)config.LayerCount * n * n * config.HeadCount * (config.KeySize + config.ValueSize);

    /// <summary>Multiply-adds of a matrix with some rows, its inputs padded as they are stored.</summary>
    public static double OfMatrix(TensorSpec spec, WeightType type, int block, int rows) =>
        (double)rows * spec.Rows * StoredTensors.Depth(spec, type, block);
}
