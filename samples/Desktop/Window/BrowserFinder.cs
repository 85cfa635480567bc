namespace GauRuntime.Desktop.Window;

/// <summary>Finds a browser that can open a page as a window of its own: Edge, Chrome or Chromium.</summary>
internal static class BrowserFinder
{
    private static readonly string[] LinuxNames =
    [
        "microsoft-edge", "microsoft-edge-stable", "google-chrome", "google-chrome-stable", "chromium",
        "chromium-browser",
    ];

    private static readonly string[] WindowsPaths =
        [@"Microsoft\Edge\Application\msedge.exe", @"Google\Chrome\Application\chrome.exe",
            @"Chromium\Application\chrome.exe"];

    /// <summary>The program, or null where there is none.</summary>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="exists">Whether a file is there.</param>
    public static string? Find(Func<string, string?> environment, Func<string, bool> exists) =>
        (OperatingSystem.IsWindows() ? OnWindows(environment) : OnLinux(environment)).FirstOrDefault(exists);

    private static IEnumerable<string> OnLinux(Func<string, string?> environment) =>
        from name in LinuxNames
        from folder in (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        where Path.IsPathRooted(folder)   // what lies in the current folder is not run
        select Path.Combine(folder, name);

    private static IEnumerable<string> OnWindows(Func<string, string?> environment) =>
        from path in WindowsPaths
        from variable in (string[])["ProgramFiles(x86)", "ProgramFiles", "LocalAppData"]
        let folder = environment(variable)
        where !string.IsNullOrEmpty(folder)
        select Path.Combine(folder!, path);
}
