namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>The modules of sentence-transformers that a model file can hold.</summary>
internal enum ModuleKind
{
    /// <summary>Encoder and tokenizer.</summary>
    Transformer,

    /// <summary>One vector of those of the tokens.</summary>
    Pooling,

    /// <summary>A dense layer.</summary>
    Dense,

    /// <summary>Length 1.</summary>
    Normalize,

    /// <summary>Nothing, once a model is trained.</summary>
    Dropout,
}
