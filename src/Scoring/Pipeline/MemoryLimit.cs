using System.Globalization;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>How much memory this process may use.</summary>
internal static class MemoryLimit
{
    private const string ControlGroups = "/sys/fs/cgroup";
    private const string OwnControlGroups = "/proc/self/cgroup";

    /// <summary>The machine's memory, or what the control groups of the process leave of it.</summary>
    /// <returns>Bytes.</returns>
    public static long OfProcess() =>
        Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, OfControlGroups(OwnControlGroups, ControlGroups));

    /// <summary>The least limit of a process's control group (version 1 or 2) and of those that it is in.</summary>
    /// <param name="own">The file that names the groups: <c>hierarchy:controllers:path</c> in every line.</param>
    /// <param name="mount">Where they are mounted.</param>
    /// <returns>Bytes; <see cref="long.MaxValue"/> where there is no limit.</returns>
    internal static long OfControlGroups(string own, string mount)
    {
        long least = long.MaxValue;
        if (!File.Exists(own))
            return least;
        foreach (string line in File.ReadLines(own))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
                continue;
            if (controllers.Length == 0)
                least = Math.Min(least, OfGroup(mount, path, "memory.max"));
            else if (controllers.Split(',').Contains("memory"))
                least = Math.Min(least, OfGroup(Path.Join(mount, "memory"), path, "memory.limit_in_bytes"));
        }
        return least;
    }

    // Inside a container the path may be the host's: then only the root is there, which is the container's group.
    private static long OfGroup(string root, string path, string file)
    {
        long least = long.MaxValue;
        for (string? group = path; group is not null; group = Path.GetDirectoryName(group))
        {
            string limit = Path.Join(root, group, file);
            if (File.Exists(limit) && long.TryParse(
                    File.ReadAllText(limit).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                    out long bytes))
                least = Math.Min(least, bytes);
        }
        return least;
    }
}
