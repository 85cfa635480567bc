using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GauRuntime.Library.Tests;

/// <summary>A source file: where it lies, its namespace, what it imports, declares and names.</summary>
internal sealed partial record SourceFile(
    string Name, string Space, IReadOnlyList<string> Imports, IReadOnlyList<string> Types, IReadOnlySet<string> Names)
{
    public static SourceFile Parse(string name, string text)
    {
        string code = Ignored().Replace(text, "");
        string body = ImportLine().Replace(code, "");
        return new SourceFile(
            name,
            SpaceLine().Match(code).Groups[1].Value,
            [.. ImportLine().Matches(code).Select(match => match.Groups[1].Value)],
            [.. DeclarationLine().Matches(body).Select(match => match.Groups[1].Value)],
            Word().Matches(body)
                .SelectMany(match => new[] { match.Groups[1].Value, match.Value + match.Groups[2].Value }).ToHashSet());
    }

    [GeneratedRegex(@"//.*|""(?:\\.|[^""\\\r\n])*""")]
    private static partial Regex Ignored();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex SpaceLine();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?([\w.]+)\s*;\r?$", RegexOptions.Multiline)]
    private static partial Regex ImportLine();

    [GeneratedRegex(
        @"^(?:public|internal) (?:[a-z]+ )*(?:class|struct|record|interface|enum|delegate \S+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex DeclarationLine();

    // A word, and the one behind its dot.
    [GeneratedRegex(@"\b(\w+)(?:\.(?=(\w+)))?")]
    private static partial Regex Word();
}

/// <summary>The rooms of <c>src</c>: projects, and the folders in them, each a namespace.</summary>
/// <param name="Root">The namespace of the project.</param>
/// <param name="Files">All its files.</param>
internal sealed record SourceProject(string Root, IReadOnlyList<SourceFile> Files)
{
    /// <summary>What the page calls the files that lie in no folder.</summary>
    public const string Itself = "itself";

    public static SourceProject Read(string folder)
    {
        string path = Repository.At(folder.Split('/'));
        XDocument project = XDocument.Load(Directory.GetFiles(path, "*.csproj").Single());
        return new SourceProject(project.Descendants("RootNamespace").Single().Value,
        [
            .. Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Name: Path.GetRelativePath(path, file).Replace('\\', '/'), Path: file))
                .Where(file => file.Name.Split('/')[0] is not ("obj" or "bin"))
                .Select(file => SourceFile.Parse(file.Name, File.ReadAllText(file.Path))),
        ]);
    }

    /// <summary>The folder that a namespace belongs to, <see cref="Itself"/>, or null where it is another project's.</summary>
    public string? FolderOf(string space) =>
        space == Root ? Itself
        : space.StartsWith(Root + ".", StringComparison.Ordinal) ? space[(Root.Length + 1)..].Split('.')[0]
        : null;

    /// <summary>Which folder uses which, and where.</summary>
    public IEnumerable<(string From, string To, string File)> References()
    {
        ILookup<string, string> types = Files
            .SelectMany(file => file.Types.Select(type => (Folder: FolderOf(file.Space)!, Type: type)))
            .ToLookup(pair => pair.Folder, pair => pair.Type);
        foreach (SourceFile file in Files)
        {
            string from = FolderOf(file.Space)!;
            foreach (IGrouping<string, string> other in types.Where(group => group.Key != from))
            {
                bool isImported = file.Imports.Any(import => FolderOf(import) == other.Key);
                bool isNamed = other.Key == Itself
                    ? other.Any(file.Names.Contains)   // C# shows it to all, without import
                    : other.Any(type => file.Names.Contains($"{other.Key}.{type}"));
                if (isImported || isNamed)
                    yield return (from, other.Key, file.Name);
            }
        }
    }
}
