namespace GauRuntime.TestSupport;

/// <summary>A folder that is removed at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-test-");

    /// <summary>The names of the files in it, in order.</summary>
    public string[] Files => [.. folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => folder.Delete(recursive: true);
}
