namespace GauRuntime.Weights.Tests;

/// <summary>Files under tests/fixtures, and folders for hostile files.</summary>
internal static class Fixtures
{
    private static readonly string Root = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "tests", "fixtures", .. parts]);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "GauRuntime.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("GauRuntime.slnx is not above the test program");
    }
}

/// <summary>A folder that is removed at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-weights-");

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
