using System.Text;
using GauRuntime.Tools;
using GauRuntime.Weights.Files;

namespace GauRuntime.Convert.Reports;

/// <summary>Where a report goes: a page, or JSON, by the extension of its name.</summary>
internal static class ReportFile
{
    /// <summary>Throws unless a report can be written there.</summary>
    /// <exception cref="ToolException">The name has another extension, or the file cannot be created.</exception>
    public static void Require(string path, bool force)
    {
        if (!IsJson(path) && !IsPage(path))
            throw new ToolException(ExitCode.Usage, $"--report: '{path}' ends neither in .html nor in .json", path);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new ToolException(
                ExitCode.CannotCreate, $"{path}: a folder, or in a folder that does not exist", path);
        if (File.Exists(path) && !force)
            throw new ToolException(ExitCode.CannotCreate, $"{path}: it exists; --force replaces it", path);
    }

    /// <summary>Writes it; the file appears when it is complete.</summary>
    public static void Write(string path, ReportData data)
    {
        string text = IsJson(path) ? ReportJson.Of(data) + "\n" : HtmlReport.Of(data);
        using AtomicFile file = new(path, 1 << 16);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit(replace: true);
    }

    private static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsPage(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}
