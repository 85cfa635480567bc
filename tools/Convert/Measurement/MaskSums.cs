namespace GauRuntime.Convert.Measurement;

/// <summary>Sums over masked characters: the exact model's masked LM against that of the stored one.</summary>
internal sealed class MaskSums
{
    private const int Top = 5;

    public long Masks { get; private set; }

    /// <summary>Masks with the same best token.</summary>
    public long SameBest { get; private set; }

    /// <summary>Tokens that are among the five best of both.</summary>
    public long SharedTop { get; private set; }

    /// <summary>Σ KL(P ‖ P̂) in nats.</summary>
    public double Divergence { get; private set; }

    /// <summary>Masks whose best token is the hidden one, exact model.</summary>
    public long RightExact { get; private set; }

    /// <summary>The same, stored model.</summary>
    public long RightStored { get; private set; }

    /// <summary>Takes a mask.</summary>
    /// <param name="exact">Logits [V].</param>
    /// <param name="stored">Logits [V].</param>
    /// <param name="hidden">The hidden token.</param>
    public void Add(ReadOnlySpan<float> exact, ReadOnlySpan<float> stored, int hidden)
    {
        Span<int> a = stackalloc int[Top], b = stackalloc int[Top];
        int count = BestOf(exact, a);
        BestOf(stored, b);
        Masks++;
        if (a[0] == b[0])
            SameBest++;
        foreach (int token in a[..count])
            if (b[..count].Contains(token))
                SharedTop++;
        if (a[0] == hidden)
            RightExact++;
        if (b[0] == hidden)
            RightStored++;
        Divergence += Kl(exact, stored);
    }

    public void Add(MaskSums text)
    {
        Masks += text.Masks;
        SameBest += text.SameBest;
        SharedTop += text.SharedTop;
        Divergence += text.Divergence;
        RightExact += text.RightExact;
        RightStored += text.RightStored;
    }

    /// <summary>ln Σ exp x.</summary>
    public static double LogSum(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        foreach (float logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    private static double Kl(ReadOnlySpan<float> exact, ReadOnlySpan<float> stored)
    {
        double logExact = LogSum(exact), logStored = LogSum(stored), sum = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double logP = exact[i] - logExact;
            sum += Math.Exp(logP) * (logP - (stored[i] - logStored));
        }
        return Math.Max(0, sum);
    }

    /// <summary>The indices of the largest values, best first.</summary>
    private static int BestOf(ReadOnlySpan<float> values, Span<int> best)
    {
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int at = count;
            while (at > 0 && values[i] > values[best[at - 1]])
                at--;
            if (at == best.Length)
                continue;
            count = Math.Min(count + 1, best.Length);
            for (int j = count - 1; j > at; j--)
                best[j] = best[j - 1];
            best[at] = i;
        }
        return count;
    }
}
