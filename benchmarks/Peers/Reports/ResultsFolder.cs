using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>A folder of benchmarks/results: of every report its raw results and its tables.</summary>
internal static class ResultsFolder
{
    /// <summary>Writes both for a run; returns the path of the tables.</summary>
    public static string Write(string folder, PeerResults results)
    {
        Directory.CreateDirectory(folder);
        JsonReport.Write(At(folder, results.Report, "json"), results);
        return WriteTables(folder, results);
    }

    /// <summary>Writes the tables of all reports that are there again, and README's.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static void WriteTables(string folder)
    {
        PeerReport[] reports =
            [.. PeerReport.All.Where(report => File.Exists(At(folder, report.Name, "json")))];
        if (reports.Length == 0)
            throw new ArgumentException($"{folder} has no results, as {PeerReport.Peers.Name}.json");
        foreach (PeerReport report in reports)
        {
            PeerResults read = JsonReport.Read(At(folder, report.Name, "json"));
            WriteTables(folder, read);
            if (report == PeerReport.Peers)
                new Summary(read).WriteTo(Path.Combine(folder, "..", "..", "..", "README.md"));
        }
    }

    private static string WriteTables(string folder, PeerResults results)
    {
        string path = At(folder, results.Report, "md");
        File.WriteAllText(path, new MarkdownReport(results).ToString());
        return path;
    }

    private static string At(string folder, string report, string ending) => Path.Combine(folder, $"{report}.{ending}");
}
