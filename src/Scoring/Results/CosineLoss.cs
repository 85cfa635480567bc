namespace GauRuntime.Scoring.Results;

/// <summary>Cosines between vectors as they were computed and as they are stored.</summary>
internal sealed class CosineLoss
{
    private double sum;

    /// <summary>Number of vectors.</summary>
    public long Count { get; private set; }

    /// <summary>The mean; 1 where there are none.</summary>
    public double Mean => Count == 0 ? 1 : sum / Count;

    /// <summary>The least; 1 where there are none.</summary>
    public double Min { get; private set; } = 1;

    public void Add(double cosine)
    {
        Count++;
        sum += cosine;
        Min = Math.Min(Min, cosine);
    }
}
