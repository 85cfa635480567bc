namespace GauRuntime.TestSupport;

/// <summary>A folder that is removed at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-test-");

    /// <summary>Its path.</summary>
    public string Root => folder.FullName;

    /// <summary>The names of the files in it, in order.</summary>
    public string[] Files => [.. folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    /// <summary>Words of a command line, of which those in braces become paths of files in it.</summary>
    public string[] Named(IEnumerable<string> words) =>
        [.. words.Select(word => word is ['{', .., '}'] ? Path(word[1..^1]) : word)];

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = Path(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Copies a file into it, under its own name unless told.</summary>
    public string Copy(string source, string? name = null)
    {
        string target = Path(name ?? System.IO.Path.GetFileName(source));
        File.Copy(source, target);
        return target;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
