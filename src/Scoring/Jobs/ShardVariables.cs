using System.Globalization;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Reads the share of a task out of the variables that cluster schedulers set.</summary>
internal static class ShardVariables
{
    // Says how many shares there are whatever the scheduler says: tasks that are run again are fewer. Then tasks count
    // from 0.
    private const string CountVariable = "GAU_SHARD_COUNT";
    private const string Remedy = $"set {CountVariable} to the number of shares, and number tasks from 0";

    // Index, count, and where the count is not there: the first and last index. First of the list wins.
    private static readonly Scheme[] Schemes =
    [
        new("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
            "SLURM_ARRAY_TASK_STEP"),
        new("JOB_COMPLETION_INDEX", null, null, null, null),   // Kubernetes Indexed Job
        new("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", null, null, null),
        new("PBS_ARRAY_INDEX", null, null, null, null),
        new("PBS_ARRAYID", null, null, null, null),            // Torque
        new("SGE_TASK_ID", null, "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE"),
    ];

    /// <summary>The name of the variable by which a scheduler numbers this task, or null where none does.</summary>
    /// <param name="environment">Looks a variable up.</param>
    public static string? Scheduler(Func<string, string?> environment) => Find(environment)?.Index;

    /// <summary>The share of this task.</summary>
    /// <param name="environment">Looks a variable up.</param>
    /// <exception cref="ScoringException">No scheduler says so, or not all that is needed.</exception>
    public static Shard Read(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Scheme scheme = Find(environment) ?? throw Usage(
            "no scheduler has numbered this task; looked for "
            + string.Join(", ", Schemes.Select(known => known.Index)));
        long index = Number(environment, scheme.Index);
        if (IsSet(environment, CountVariable))
            return Checked(index, Number(environment, CountVariable));
        long first = IsSet(environment, scheme.First) ? Number(environment, scheme.First!) : 0;
        long step = IsSet(environment, scheme.Step) ? Math.Max(1, Number(environment, scheme.Step!)) : 1;
        long? listed = IsSet(environment, scheme.Count) ? Number(environment, scheme.Count!) : null;
        long? spanned = IsSet(environment, scheme.Last)
            ? (Number(environment, scheme.Last!) - first) / step + 1
            : null;
        if (listed is null && spanned is null)
            throw Usage($"{scheme.Index} numbers this task, but nothing says how many there are; {Remedy}");
        if ((listed ?? spanned) != (spanned ?? listed) || (index - first) % step != 0)
            throw Usage($"the tasks that {scheme.Index} numbers are not all there; {Remedy}");
        return Checked((index - first) / step, (listed ?? spanned)!.Value);
    }

    private static Scheme? Find(Func<string, string?> environment) =>
        Schemes.FirstOrDefault(scheme => IsSet(environment, scheme.Index));

    // SGE says "undefined" where a job is no array.
    private static bool IsSet(Func<string, string?> environment, string? variable) =>
        variable is not null && environment(variable) is { Length: > 0 } and not "undefined";

    private static long Number(Func<string, string?> environment, string variable) =>
        int.TryParse(environment(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Usage($"{variable}: '{Weights.Printable.OneLine(environment(variable)!)}' is not a whole number");

    private static Shard Checked(long index, long count) =>
        count is >= 1 and <= Shard.MostShards && index >= 0 && index < count
            ? new Shard((int)index, (int)count)
            : throw Usage($"task {index} of {count} is no share; shares are numbered from 0");

    private static ScoringException Usage(string reason) => new(ScoringFault.Usage, $"--shard auto: {reason}");

    private sealed record Scheme(string Index, string? Count, string? First, string? Last, string? Step);
}
