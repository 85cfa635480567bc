using System.ComponentModel;
using System.Diagnostics;

namespace GauRuntime.Desktop.Window;

/// <summary>Opens the page as a window of its own, or else in the usual browser.</summary>
internal static class AppWindow
{
    private const string UsualBrowser = "default";

    /// <summary>The browser that opens the window; null: the usual one of the system.</summary>
    /// <param name="wanted">A browser's path; <c>default</c>: the usual one; null: one that is found.</param>
    public static string? Browser(string? wanted) => wanted == UsualBrowser
        ? null
        : wanted ?? BrowserFinder.Find(Environment.GetEnvironmentVariable, File.Exists);

    /// <summary>Opens the window.</summary>
    /// <param name="browser">A browser's path; null: the usual one of the system.</param>
    /// <param name="profile">A folder for what the browser keeps.</param>
    /// <param name="page">What it opens.</param>
    /// <returns>Why none was opened, or null.</returns>
    public static string? Open(string? browser, string profile, LaunchPage page)
    {
        try
        {
            if (browser is null)
                OpenUsual(page);
            else
                OpenApp(browser, profile, page);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return browser is null ? "no browser was found" : $"{browser}: {e.Message}";
        }
    }

    private static void OpenApp(string browser, string profile, LaunchPage page)
    {
        ProcessStartInfo start = new(browser);
        foreach (string argument in (string[])
            [
                $"--app={page.Address.AbsoluteUri}", $"--user-data-dir={profile}", "--no-first-run",
                "--no-default-browser-check", "--disable-extensions", "--disable-sync",
                "--disable-background-networking",
                "--window-size=1280,860",
            ])
            start.ArgumentList.Add(argument);
        Process.Start(start)?.Dispose();
    }

    private static void OpenUsual(LaunchPage page)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new(page.Path) { UseShellExecute = true }
            : new("xdg-open", [page.Path]);
        Process.Start(start)?.Dispose();
    }
}
