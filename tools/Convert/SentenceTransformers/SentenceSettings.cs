using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>What a folder of sentence-transformers says of its vectors.</summary>
/// <param name="Embedding">How they are made.</param>
/// <param name="Transformer">What the encoder gets.</param>
internal sealed record SentenceSettings(EmbeddingConfig Embedding, TransformerModule Transformer);
