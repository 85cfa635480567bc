using System.Text;
using GauRuntime.Desktop.Jobs;

namespace GauRuntime.Desktop.Window;

/// <summary>Where the launch page and the profile of the window lie.</summary>
/// <remarks>
/// Among the program's data; but a browser that is a snap cannot look into hidden folders, such as ~/.local, and is
/// given a folder of its own directly below the user's, to the end of the program.
/// </remarks>
internal sealed class WindowFolder : IDisposable
{
    private const int ScriptBytes = 4096, Tries = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly bool isOwn;

    private WindowFolder(string path, bool isOwn) => (Path, this.isOwn) = (path, isOwn);

    public string Path { get; }

    /// <summary>What a browser keeps: nothing of the user's own is touched.</summary>
    public string Profile => System.IO.Path.Combine(Path, "window");

    /// <summary>The folder of the program's data itself.</summary>
    public static WindowFolder Among(string data) => new(data, isOwn: false);

    /// <summary>The folder for a browser.</summary>
    /// <param name="browser">Its path; null: the usual one of the system, whichever that is.</param>
    /// <param name="data">The program's data.</param>
    /// <param name="home">The user's own folder.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static WindowFolder For(string? browser, string data, string home)
    {
        if (!OperatingSystem.IsLinux() || !(browser is null ? HasSnaps() : IsSnap(browser)))
            return Among(data);
        string path = System.IO.Path.Combine(home, $"gau-desktop.{Guid.NewGuid():N}");
        JobFolder.MakePrivate(path);
        return new WindowFolder(path, isOwn: true);
    }

    /// <summary>Removes it where it was made for the browser, which may still be at its profile for a moment.</summary>
    public void Dispose()
    {
        for (int left = Tries; isOwn && Directory.Exists(Path) && left > 0; left--)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static bool HasSnaps() => Directory.Exists("/snap/bin");

    private static bool IsSnap(string browser)
    {
        try
        {
            return BrowserFinder.IsSnap(browser, Target, Beginning);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;   // that it cannot be started is told when it is
        }
    }

    private static string? Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;

    private static string Beginning(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[ScriptBytes];
        return Encoding.Latin1.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
