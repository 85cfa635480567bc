using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>What becomes of a masked-LM matrix in a checkpoint.</summary>
internal enum DecoderUse
{
    /// <summary>There is none, or it is the word embedding once more.</summary>
    Tied,

    /// <summary>It differs from the word embedding, and is kept.</summary>
    Untied,

    /// <summary>
    /// It differs, but a model that is no masked LM has no use for it, and its configuration ties the two.
    /// </summary>
    LeftOut,
}

/// <summary>Whether the masked LM multiplies with the word embeddings or with a matrix of its own.</summary>
internal static class DecoderTie
{
    /// <summary>Compares the two: the tensors decide, and the configuration must not contradict them.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="config">The configuration, which may say <c>tie_word_embeddings</c>.</param>
    /// <param name="decoder">The masked-LM matrix, or null where the checkpoint has none.</param>
    /// <param name="embedding">The word embedding, or null where it is missing.</param>
    /// <param name="maskedLm">Whether the model is a masked LM; a bare encoder is none.</param>
    /// <exception cref="GauFormatException">They contradict each other, or a value is not finite.</exception>
    public static DecoderUse Read(
        ICheckpoint checkpoint, ConfigFile config, TensorEntry? decoder, TensorEntry? embedding, bool maskedLm)
    {
        const string key = "tie_word_embeddings";
        bool? tie = config.Flag(key);
        if (decoder is null)
            return tie == false && maskedLm
                ? throw config.Fault(key,
                    $"false, but {Printable.OneLine(checkpoint.Path)} has no masked-LM matrix "
                    + "beside the word embedding")
                : DecoderUse.Tied;
        if (embedding is null || AreEqual(checkpoint, decoder, embedding))
            return DecoderUse.Tied;
        if (tie != true)
            return DecoderUse.Untied;
        return maskedLm
            ? throw config.Fault(key,
                $"true, but {decoder.Name} of {Printable.OneLine(checkpoint.Path)} differs from the word embedding")
            : DecoderUse.LeftOut;
    }

    /// <summary>Whether two tensors have the same shape and values.</summary>
    public static bool AreEqual(ICheckpoint checkpoint, TensorEntry one, TensorEntry other)
    {
        if (!one.Shape.SequenceEqual(other.Shape) || one.ElementCount > Array.MaxLength / sizeof(float)
            || !TensorLookup.IsFloat(one.Type) || !TensorLookup.IsFloat(other.Type))
            return false;
        float[] a = new float[one.ElementCount], b = new float[one.ElementCount];
        WeightReader.Read(checkpoint, one, a);
        WeightReader.Read(checkpoint, other, b);
        return a.AsSpan().SequenceEqual(b);
    }
}
