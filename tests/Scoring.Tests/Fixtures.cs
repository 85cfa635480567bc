namespace GauRuntime.Scoring.Tests;

/// <summary>Finds <c>tests/fixtures</c> of the repository.</summary>
internal static class Fixtures
{
    private static readonly string Root = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "tests", "fixtures", .. parts]);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "GauRuntime.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no GauRuntime.slnx above the tests");
    }
}
