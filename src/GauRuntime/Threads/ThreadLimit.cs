using System.Globalization;

namespace GauRuntime.Threads;

/// <summary>How many threads this process should compute on at most.</summary>
public static class ThreadLimit
{
    /// <summary>
    /// The smallest of the processors that the affinity mask allows, the CPU quota of the control group rounded up, and
    /// <c>SLURM_CPUS_PER_TASK</c>. The first two are <see cref="Environment.ProcessorCount"/>, which the runtime reads
    /// once, at the start.
    /// </summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <returns>At least 1.</returns>
    public static int Of(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        int processors = Environment.ProcessorCount;
        return int.TryParse(
                environment("SLURM_CPUS_PER_TASK"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int slurm)
            && slurm > 0
            ? Math.Min(processors, slurm)
            : processors;
    }
}
