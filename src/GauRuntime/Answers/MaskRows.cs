using GauRuntime.Heads;

namespace GauRuntime.Answers;

/// <summary>The masks of a pass on their way through the masked LM: 16 of them share a pass over E.</summary>
internal sealed class MaskRows
{
    private readonly int[] tokens = new int[MaskedLmHead.RowsPerPass];   // of the pass, that were multiplied last
    private int count;

    /// <summary>Names the masks of a sequence, whose hidden states are read.</summary>
    /// <param name="maskId">What is a mask.</param>
    /// <param name="batch">Has the sequence.</param>
    /// <param name="sequence">Its index there.</param>
    /// <param name="start">The index of its first token in the pass that computes it.</param>
    /// <param name="tokens">To which their indexes in that pass are added, ascending.</param>
    public static void AddRead(int maskId, AnswerBatch batch, int sequence, int start, List<int> tokens)
    {
        ReadOnlySpan<int> ids = batch.Tokens.Ids.Slice(batch.Tokens.Start(sequence), batch.Tokens.Length(sequence));
        for (int i = 0; i < ids.Length; i++)
            if (ids[i] == maskId)
                tokens.Add(start + i);
    }

    /// <summary>Forgets what was multiplied.</summary>
    public void Clear() => count = 0;

    /// <summary>The logits of a mask [V], the caller's to change until the next is asked for.</summary>
    /// <param name="pass">Has computed it.</param>
    /// <param name="token">Its index among the computed tokens; masks are asked for in their order, each once.</param>
    public Span<float> Logits(AnswerPass pass, int token)
    {
        int row = tokens.AsSpan(0, count).IndexOf(token);
        if (row < 0)
        {
            Multiply(pass, token);
            row = 0;
        }
        return MaskedLmHead.Row(pass.Workspace, row);
    }

    // The mask and those behind it.
    private void Multiply(AnswerPass pass, int token)
    {
        int mask = pass.Workspace.Model.Tokenizer.MaskId;
        ReadOnlySpan<int> ids = pass.Computed.Ids;
        count = 0;
        for (; token < ids.Length && count < tokens.Length; token++)
            if (ids[token] == mask)
                tokens[count++] = token;
        MaskedLmHead.Multiply(pass.Workspace, tokens.AsSpan(0, count));
    }
}
