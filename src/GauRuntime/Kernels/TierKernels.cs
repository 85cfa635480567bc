namespace GauRuntime.Kernels;

/// <summary>Kernels, and the tier that they are of.</summary>
internal sealed record TierKernels(string Tier, KernelSet Kernels);
