namespace GauRuntime.Desktop.Window;

/// <summary>Finds a browser that can open a page as a window of its own: Edge, Chrome or Chromium.</summary>
internal static class BrowserFinder
{
    private const string SnapFolder = "/snap/", SnapProgram = "/usr/bin/snap";

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

    /// <summary>
    /// Whether a browser is a snap, as on Ubuntu: one that lies in /snap, a link there or to <c>snap</c>, or a script
    /// that starts one.
    /// </summary>
    /// <param name="browser">Its path.</param>
    /// <param name="targetOf">What a link leads to in the end; null: it is none.</param>
    /// <param name="beginningOf">The first characters of a file.</param>
    public static bool IsSnap(string browser, Func<string, string?> targetOf, Func<string, string> beginningOf)
    {
        string target = targetOf(browser) ?? browser;
        return browser.StartsWith(SnapFolder, StringComparison.Ordinal)
            || target.StartsWith(SnapFolder, StringComparison.Ordinal) || target == SnapProgram
            || beginningOf(target) is var beginning && beginning.StartsWith("#!", StringComparison.Ordinal)
                && beginning.Contains(SnapFolder, StringComparison.Ordinal);
    }

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
