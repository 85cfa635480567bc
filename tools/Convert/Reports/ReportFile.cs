using System.Text;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Convert.Reports;

/// <summary>Where a report goes: a page, or JSON, by the extension of its name.</summary>
/// <remarks>Nothing of it stays unless it is committed, also when a signal ends the program.</remarks>
internal sealed class ReportFile : IDisposable
{
    private readonly string path;
    private readonly bool force;
    private readonly OutputFile file;
    private readonly SignalCleanup signals;

    /// <summary>Begins one: what prevents it is found before the work that it tells of.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="force">Whether a file of that name may be replaced.</param>
    /// <exception cref="ToolException"><see cref="Require"/> throws it.</exception>
    /// <exception cref="Scoring.ScoringException">The file cannot be created.</exception>
    public ReportFile(string path, bool force)
    {
        Require(path, force);
        (this.path, this.force) = (path, force);
        file = OutputFile.Create(path, force);
        signals = new SignalCleanup(file.Dispose);
    }

    /// <summary>Throws unless a report may have that name.</summary>
    /// <exception cref="ToolException">It has another extension, is in no folder, or is taken.</exception>
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

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    /// <exception cref="ToolException">A file of its name was made meanwhile.</exception>
    public void Write(ReportData data)
    {
        string text = IsJson(path) ? ReportJson.Of(data) + "\n" : HtmlReport.Of(data);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Stream.Flush(flushToDisk: true);
        Require(path, force);
    }

    /// <summary>Gives it its name.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="Scoring.ScoringException">A file of that name was made meanwhile.</exception>
    public void Commit() => file.Commit();

    /// <summary>Removes it, unless it was committed.</summary>
    public void Dispose()
    {
        signals.Dispose();
        file.Dispose();
    }

    private static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsPage(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}
