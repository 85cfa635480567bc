namespace GauRuntime.Evaluation.Comparison;

/// <summary>In how many cases two files say the same.</summary>
internal sealed class Agreement(string name)
{
    /// <summary>What they say it of.</summary>
    public string Name { get; } = name;

    /// <summary>Number of cases.</summary>
    public long Compared { get; private set; }

    /// <summary>Cases where it is the same.</summary>
    public long Same { get; private set; }

    /// <summary>Cases where it is not.</summary>
    public long Different => Compared - Same;

    /// <summary>Share of the cases where it is the same.</summary>
    public double Share => Compared == 0 ? 1 : (double)Same / Compared;

    internal void Add(bool same)
    {
        Compared++;
        Same += same ? 1 : 0;
    }
}
