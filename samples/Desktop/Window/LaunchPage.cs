using System.Text;

namespace GauRuntime.Desktop.Window;

/// <summary>
/// A page on the disk that leads the browser to the server, with the token. Other users of the machine see the command
/// line of a browser, and not what is in a file of this user's alone.
/// </summary>
internal sealed class LaunchPage : IDisposable
{
    private LaunchPage(string path) => Path = path;

    public string Path { get; }

    /// <summary>Its address.</summary>
    public Uri Address => new(Path);

    /// <summary>Where a page is that knows the token: it stands behind the #, which no request carries.</summary>
    public static string Target(Uri server, string token) => $"{server.GetLeftPart(UriPartial.Authority)}/#{token}";

    /// <summary>Writes one into a folder of this user's alone.</summary>
    public static LaunchPage Write(string folder, Uri server, string token)
    {
        string path = System.IO.Path.Combine(folder, $"open-{Guid.NewGuid():N}.html");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using FileStream file = new(path, options);
        file.Write(Encoding.UTF8.GetBytes(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>gau</title>"
            + $"<meta http-equiv=\"refresh\" content=\"0;url={Target(server, token)}\"></head><body></body></html>\n"));
        return new LaunchPage(path);
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The token in it is worth nothing once the program has ended.
        }
    }
}
