using System.Text.RegularExpressions;
using System.Xml.Linq;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>References between rooms point one way, which docs/architecture.md says.</summary>
public sealed partial class RoomTests
{
    private static readonly string[] Page = File.ReadAllLines(Repository.At("docs", "architecture.md"));

    /// <summary>Of each project its folders in their order, as the page lists them.</summary>
    public static TheoryData<string, string> Folders { get; } = new(
        Rows("| project | its folders").Select(row => (Name(row[0]), row[1])));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folders_OfAProject_UseOnlyThoseBeforeThem(string project, string listed)
    {
        SourceProject source = SourceProject.Read(project);
        string[] order = [.. listed.Split(',').Select(Name)];
        source.Files.Where(file => source.FolderOf(file.Space) != FolderIn(file.Name)).Select(file => file.Name)
            .Should().BeEmpty("namespaces follow the folders");
        source.Files.Select(file => source.FolderOf(file.Space)).Except(order).Except([SourceProject.Itself])
            .Should().BeEmpty($"docs/architecture.md lists all folders of {project}");
        BackEdges(source, order).Should().BeEmpty($"each folder of {project} uses only those before it: {listed}");
    }

    [Fact]
    public void Folders_OfSrc_AreAllListed() =>
        Folders.Select(row => row.Data.Item1).Should().BeEquivalentTo(
            Directory.GetDirectories(Repository.At("src")).Where(p => Directory.GetDirectories(p).Any(IsFolderOfSource))
                .Select(p => $"src/{Path.GetFileName(p)}"));

    [Theory]
    [InlineData("using Room.Late;", "", "Early → Late in Early/File.cs")]
    [InlineData("using static Room.Late.Type;", "", "Early → Late in Early/File.cs")]
    [InlineData("using Short = Room.Late.Type;", "", "Early → Late in Early/File.cs")]
    [InlineData("", "Room.Late.Type x;", "Early → Late in Early/File.cs")]
    [InlineData("", "Late.Type x;", "Early → Late in Early/File.cs")]
    [InlineData("", "Face x;", "Early → itself in Early/File.cs")]
    [InlineData("// using Room.Late;", "string x = \"Late.Type\"; // Face", null)]
    public void BackEdges_OfAFileThatLooksBack_AreNamed(string import, string code, string? edge)
    {
        SourceProject project = new("Room",
        [
            SourceFile.Parse("Early/File.cs", $"{import}\n\nnamespace Room.Early;\n\ninternal class File\n{{\n    {code}\n}}\n"),
            SourceFile.Parse("Late/Type.cs", "using Room.Early;\n\nnamespace Room.Late;\n\npublic sealed class Type;\n"),
            SourceFile.Parse("Face.cs", "using Room.Late;\n\nnamespace Room;\n\npublic sealed class Face;\n"),
        ]);
        BackEdges(project, ["Early", "Late", SourceProject.Itself]).Should().BeEquivalentTo(edge is null ? [] : new[] { edge });
    }

    [Fact]
    public void Projects_OfSrcAndTools_DependOnWhatThePageSays()
    {
        Dictionary<string, string> said = Rows("| room | holds").ToDictionary(row => Name(row[0]), row => row[2]);
        string[] above = [];
        foreach (string folder in said.Keys.Where(room => Directory.Exists(Repository.At(room.Split('/')))
            && Directory.GetFiles(Repository.At(room.Split('/')), "*.csproj").Length == 1))
        {
            XDocument project = XDocument.Load(Directory.GetFiles(Repository.At(folder.Split('/')), "*.csproj").Single());
            string[] packages = [.. project.Descendants("PackageReference").Select(e => e.Attribute("Include")!.Value)];
            string[] rooms =
            [
                .. project.Descendants("ProjectReference").Select(e => e.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[^2]),
            ];
            rooms.Except(above).Should().BeEmpty($"{folder} stands below what it uses");
            above = [.. above, folder.Split('/')[1]];
            Words().Matches(said[folder]).Select(m => m.Value).Except(["the", "BCL"])
                .Should().BeEquivalentTo(rooms.Concat(packages), $"that is what {folder} references");
        }
        above.Should().Contain(["Weights", "GauRuntime", "Parquet", "Scoring", "Evaluation", "Extensions", "Gau", "Convert", "Train"]);
    }

    private static IEnumerable<string> BackEdges(SourceProject project, string[] order) => project.References()
        .Where(r => order.Contains(SourceProject.Itself) || r.From != SourceProject.Itself && r.To != SourceProject.Itself)
        .Where(r => Array.IndexOf(order, r.To) >= Array.IndexOf(order, r.From))
        .Select(r => $"{r.From} → {r.To} in {r.File}");

    private static string FolderIn(string file) => file.Contains('/', StringComparison.Ordinal)
        ? file[..file.IndexOf('/', StringComparison.Ordinal)]
        : SourceProject.Itself;

    private static bool IsFolderOfSource(string path) => Path.GetFileName(path) is not ("bin" or "obj");

    // The rows of the table whose head begins so.
    private static IEnumerable<string[]> Rows(string head) => Page
        .SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1..^1]);

    private static string Name(string cell) => cell.Trim(' ', '`');

    [GeneratedRegex(@"[\w.-]+")]
    private static partial Regex Words();
}
