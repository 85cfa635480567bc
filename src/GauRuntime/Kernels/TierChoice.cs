namespace GauRuntime.Kernels;

/// <summary>Tiers, best first: which of them run here, and the kernels of those that were asked for.</summary>
/// <remarks>
/// A tier whose kernels cannot be made, because the system refuses executable memory for some of them or because they
/// compute something else than they must, runs no further: the next one takes its place. Thread-safe.
/// </remarks>
/// <param name="tiers">The last of them runs everywhere.</param>
/// <param name="forced">The name of the tier that must be used, or nothing.</param>
internal sealed class TierChoice(
    (string Name, Func<string?> Fault, Func<KernelSet> Create)[] tiers, Func<string?> forced)
{
    private readonly Lock making = new();
    private readonly Dictionary<string, KernelSet> sets = [];
    private volatile Dictionary<string, string> refused = [];   // why, by tier; replaced, never changed

    public IReadOnlyList<string> Known { get; } = [.. tiers.Select(tier => tier.Name)];

    public IReadOnlyList<string> Available =>
        [.. tiers.Where(tier => Fault(tier) is null).Select(tier => tier.Name)];

    public IReadOnlyDictionary<string, string> Unavailable =>
        tiers.Where(tier => Fault(tier) is not null).ToDictionary(tier => tier.Name, tier => Fault(tier)!);

    /// <summary>The best tier, or the one that is forced.</summary>
    /// <exception cref="PlatformNotSupportedException">The forced one is unknown or does not run here.</exception>
    public string Current
    {
        get
        {
            string? name = forced();
            if (string.IsNullOrEmpty(name))
                return Available[0];
            // The others are not asked: to ask takes executable memory, which may be why this one is forced.
            return Rank(name) is >= 0 and var rank && Fault(tiers[rank]) is null ? name : throw CannotForce(name);
        }
    }

    /// <summary>The tier itself, or the next that runs where its kernels could not be made.</summary>
    public string InsteadOf(string name) => refused.ContainsKey(name)
        ? Available.First(other => Rank(other) > Rank(name))
        : name;

    /// <summary>The kernels of a tier, or of the next whose kernels can all be made; one set for all models.</summary>
    /// <param name="name">A tier that runs here.</param>
    /// <param name="blocks">Sizes of int8 blocks that will be multiplied with.</param>
    /// <exception cref="PlatformNotSupportedException">They cannot be made, and no other tier may be used.</exception>
    public TierKernels Choose(string name, params ReadOnlySpan<int> blocks)
    {
        lock (making)
        {
            while (true)
            {
                string tier = InsteadOf(name);
                if (tier != name && name == forced())
                    throw CannotForce(name);   // who asked first was told, and may have passed it over
                try
                {
                    if (!sets.TryGetValue(tier, out KernelSet? kernels))
                        kernels = tiers[Rank(tier)].Create();
                    foreach (int block in blocks)
                        kernels.Prepare(block);
                    sets[tier] = kernels;
                    return new TierKernels(tier, kernels);
                }
                catch (Exception e) when (e is InsufficientMemoryException or KernelFaultException)
                {
                    refused = new(refused) { [tier] = e.Message };
                }
            }
        }
    }

    private int Rank(string name) => Array.FindIndex(tiers, tier => tier.Name == name);

    private string? Fault((string Name, Func<string?> Fault, Func<KernelSet> Create) tier) =>
        refused.GetValueOrDefault(tier.Name) ?? tier.Fault();

    private PlatformNotSupportedException CannotForce(string name) =>
        new(Unavailable.TryGetValue(name, out string? fault)
            ? $"GAU_ISA={name}: {fault}; this machine has {string.Join(", ", Available)}"
            : $"GAU_ISA={name}: no such tier; known are {string.Join(", ", Known)}");
}

/// <summary>Kernels, and the tier that they are of.</summary>
internal sealed record TierKernels(string Tier, KernelSet Kernels);
