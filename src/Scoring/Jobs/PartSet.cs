using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>All parts of a job, in order, with what their markers say of them.</summary>
/// <param name="Paths">The parts.</param>
/// <param name="Markers">One per part. All name the job of the first, so that its inputs are kept once.</param>
internal sealed record PartSet(IReadOnlyList<string> Paths, IReadOnlyList<PartMarker> Markers)
{
    /// <summary>Finds them in a folder.</summary>
    /// <exception cref="FileNotFoundException">The folder is missing, or a part is, or is not complete.</exception>
    /// <exception cref="ScoringException">
    /// The folder holds parts of more than one job, or the input has changed between them.
    /// </exception>
    /// <exception cref="GauFormatException">A marker is malformed.</exception>
    public static PartSet Find(IJobStorage storage, string folder)
    {
        string[] paths = Complete(storage, folder);
        List<PartMarker> markers = new(paths.Length);
        foreach (string path in paths)
        {
            PartMarker marker = PartMarker.Read(storage, path);
            JobFingerprint job = markers.Count > 0 ? markers[0].Job : marker.Job;
            if (marker.Job.Difference(job, anyShard: true) is { } difference)
                throw new ScoringException(
                    ScoringFault.Mismatch,
                    $"belongs to another job than part 0 ({Printable.OneLine(difference)})", path);
            if (markers.Count > 0 && marker.Start != markers[^1].End)
                throw new ScoringException(
                    ScoringFault.Mismatch,
                    $"does not go on where part {markers.Count - 1} ended: an input changed between the tasks; "
                    + "score all parts again, with --force",
                    path);
            markers.Add(marker with { Job = job });
        }
        return new PartSet(paths, markers);
    }

    // By index; a part without a marker is not complete, and as good as missing.
    private static string[] Complete(IJobStorage storage, string folder)
    {
        if (!Directory.Exists(folder))
            throw Missing(folder, "no such folder");
        string?[]? paths = null;
        foreach (string file in storage.Find(folder, PartName.Prefix))
        {
            if (!PartName.TryParse(Path.GetFileName(file), out Shard shard, out string rest))
                continue;
            paths ??= new string?[shard.Count];
            if (shard.Count != paths.Length)
                throw new ScoringException(
                    ScoringFault.Mismatch, $"holds parts of {paths.Length} and parts of {shard.Count}", folder);
            if (!rest.EndsWith(JobFiles.DoneSuffix, StringComparison.Ordinal))
                continue;
            string part = file[..^JobFiles.DoneSuffix.Length];
            if (!storage.Exists(part))
                continue;
            if (paths[shard.Index] is { } other)
                throw new ScoringException(
                    ScoringFault.Mismatch,
                    $"part {shard.Index} is there twice: {Path.GetFileName(other)} and {Path.GetFileName(part)}",
                    folder);
            paths[shard.Index] = part;
        }
        if (paths is null)
            throw Missing(folder, "holds no parts of a job");
        CheckAll(paths, folder, "");
        return paths!;
    }

    /// <summary>Refuses a list with holes.</summary>
    /// <param name="paths">A path per part, or null.</param>
    /// <param name="folder">Where they were looked for.</param>
    /// <param name="kind">What they are, before the word "part".</param>
    public static void CheckAll(IReadOnlyList<string?> paths, string folder, string kind)
    {
        int[] missing = [.. Enumerable.Range(0, paths.Count).Where(i => paths[i] is null)];
        if (missing.Length == 0)
            return;
        string words = missing.Length == 1 ? "part {0} of {1} is missing" : "parts {0} of {1} are missing";
        throw Missing(folder, kind + string.Format(
            System.Globalization.CultureInfo.InvariantCulture, words, NumberRanges.Of(missing), paths.Count));
    }

    private static FileNotFoundException Missing(string folder, string reason) =>
        new($"{Printable.OneLine(folder)}: {reason}", folder);
}
