namespace GauRuntime.Convert.Measurement;

/// <summary>Sums over the tokens of one text, or of many, for the hidden states after a layer.</summary>
/// <param name="size">h.</param>
internal sealed class LayerSums(int size)
{
    /// <summary>Σ x², x the exact hidden states.</summary>
    public double Signal { get; private set; }

    /// <summary>Σ (x − x̂)².</summary>
    public double Noise { get; private set; }

    /// <summary>Σ cos(x, x̂) over tokens.</summary>
    public double Cosine { get; private set; }

    /// <summary>The lowest cosine, and the token that has it.</summary>
    public double WorstCosine { get; private set; } = double.PositiveInfinity;

    /// <summary>The token with the lowest cosine.</summary>
    public int WorstToken { get; private set; }

    /// <summary>Tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>max |x| of every channel [h].</summary>
    public float[] Largest { get; } = new float[size];

    /// <summary>Takes the hidden states of a token, exact and as the stored model has them.</summary>
    public void Add(ReadOnlySpan<float> exact, ReadOnlySpan<float> stored, int token)
    {
        double xx = 0, yy = 0, xy = 0, noise = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double x = exact[i], y = stored[i];
            xx += x * x;
            yy += y * y;
            xy += x * y;
            noise += (x - y) * (x - y);
            Largest[i] = Math.Max(Largest[i], Math.Abs(exact[i]));
        }
        double cosine = xx > 0 && yy > 0 ? Math.Min(1, xy / Math.Sqrt(xx * yy)) : xx == yy ? 1 : 0;
        Signal += xx;
        Noise += noise;
        Cosine += cosine;
        Tokens++;
        if (!(cosine < WorstCosine))
            return;
        WorstCosine = cosine;
        WorstToken = token;
    }

    /// <summary>Takes the sums of a text.</summary>
    /// <returns>Whether its worst token is the worst so far.</returns>
    public bool Add(LayerSums text)
    {
        Signal += text.Signal;
        Noise += text.Noise;
        Cosine += text.Cosine;
        Tokens += text.Tokens;
        for (int i = 0; i < Largest.Length; i++)
            Largest[i] = Math.Max(Largest[i], text.Largest[i]);
        if (!(text.WorstCosine < WorstCosine))
            return false;
        WorstCosine = text.WorstCosine;
        return true;
    }
}
