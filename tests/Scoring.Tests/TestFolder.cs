namespace GauRuntime.Scoring.Tests;

/// <summary>A folder of its own for a test, removed afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gau-test-");

    public string[] Files => [.. Directory.GetFiles(_folder.FullName).Select(f => System.IO.Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(Path(name), content);
        return Path(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
