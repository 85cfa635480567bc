using System.Text;
using GauRuntime.Answers;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.LibGau;

/// <summary>What makes the vectors of a model, kept from call to call. Thread-safe.</summary>
internal sealed class VectorHeads(GauModel model)
{
    private static readonly int Ways = 2 * (Enum.GetValues<Pooling>().Length + 1);   // to pool, to scale or not

    private readonly byte[][] prompts =
        [.. (model.Embedding?.Prompts ?? []).Select(prompt => Encoding.UTF8.GetBytes(prompt.Name))];
    private readonly VectorHead?[] heads = new VectorHead?[Ways * (1 + (model.Embedding?.Prompts.Count ?? 0))];
    private PrefixedHead? latest;

    /// <summary>With the model's default prompt, if it has one.</summary>
    /// <param name="pooling">null: as the model says, else the mean.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1 even where the model does not.</param>
    public VectorHead Usual(Pooling? pooling, bool normalize) => Kept(null, 0, pooling, normalize);

    /// <summary>With a prompt of the model.</summary>
    /// <param name="prompt">Its name in UTF-8.</param>
    /// <param name="pooling">null: as the model says, else the mean.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1 even where the model does not.</param>
    public VectorHead Prompted(ReadOnlySpan<byte> prompt, Pooling? pooling, bool normalize)
    {
        for (int i = 0; i < prompts.Length; i++)
        {
            if (prompt.SequenceEqual(prompts[i]))
                return Kept(model.Embedding!.Prompts[i].Name, 1 + i, pooling, normalize);
        }
        // There is none of that name: this says which there are.
        return Make(Options(pooling, normalize) with { Prompt = Argument.Text(prompt, "prompt") });
    }

    /// <summary>With any text in front; that of the last call is kept.</summary>
    /// <param name="prefix">UTF-8; empty: nothing, not even the model's default prompt.</param>
    /// <param name="pooling">null: as the model says, else the mean.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1 even where the model does not.</param>
    public VectorHead Prefixed(ReadOnlySpan<byte> prefix, Pooling? pooling, bool normalize)
    {
        PrefixedHead? known = Volatile.Read(ref latest);
        if (known is null || known.Pooling != pooling || known.Normalize != normalize
            || !prefix.SequenceEqual(known.Prefix))
        {
            VectorHead head = Make(Options(pooling, normalize) with { Prefix = Argument.Text(prefix, "prefix") });
            known = new PrefixedHead(prefix.ToArray(), pooling, normalize, head);
            Volatile.Write(ref latest, known);
        }
        return known.Head;
    }

    private VectorHead Kept(string? prompt, int index, Pooling? pooling, bool normalize) =>
        heads[Ways * index + 2 * (pooling is { } given ? (int)given + 1 : 0) + (normalize ? 1 : 0)]
            ??= Make(Options(pooling, normalize) with { Prompt = prompt });

    private static EmbedderOptions Options(Pooling? pooling, bool normalize) =>
        new() { GivenPooling = pooling, GivenNormalize = normalize ? true : null };

    private VectorHead Make(EmbedderOptions options)
    {
        try
        {
            return new VectorHead(model, options);
        }
        catch (ArgumentException fault)
        {
            throw Status.Usage(fault.Message);
        }
    }

    private sealed record PrefixedHead(byte[] Prefix, Pooling? Pooling, bool Normalize, VectorHead Head);
}
