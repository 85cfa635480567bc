using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Names of work files, on systems that make other names of what ends in a dot.</summary>
public sealed class JobFilesTests
{
    private const string Part = "part-00000-of-00002.jsonl";

    private static readonly string Output = Path.Combine("parts", Part);

    [Fact]
    public void DeleteAll_CompletePart_LeavesItAndItsMarker()
    {
        NamesOnly storage = new(
            Part, Part + ".done", Part + ".done.a.1.x", Part + ".partial.a.1.x", Part + ".journal.b.2.y", Part + ".partials");
        new JobFiles(Output, null, IsTable: false, ".a.1.x").DeleteAll(storage);
        storage.Names.Should().BeEquivalentTo(Part, Part + ".done", Part + ".partials");
        storage.Asked.Distinct().Should().BeEquivalentTo(
            $"parts|{Part}.journal.", $"parts|{Part}.partial.", $"parts|{Part}.table.", $"parts|{Part}.done.");
    }

    [Fact]
    public void Attempts_JournalsOfOthers_AreToldByTheRestOfTheirNames()
    {
        NamesOnly storage = new(Part + ".journal.a.1.x", Part + ".journal.b.2.y");
        new JobFiles(Output, null, IsTable: false, ".a.1.x").Attempts(storage)
            .Select(files => files.Attempt).Should().Equal(".a.1.x", ".b.2.y");
        new JobFiles(Part, null, IsTable: false, ".a.1.x").Attempts(storage)
            .Select(files => files.PartialOutput).Should().Equal(Part + ".partial.a.1.x", Part + ".partial.b.2.y");
        storage.Asked.Should().Equal($"parts|{Part}.journal.", $".|{Part}.journal.");
    }

    [Theory]
    [InlineData(Part, true)]
    [InlineData(Part + ".done", true)]
    [InlineData(Part + ".journal.a.1.x", true)]
    [InlineData(Part + ".partial.b.2.y", true)]
    [InlineData(Part + "-input", false)]
    [InlineData("../" + Part, false)]
    public void Include_FilesOfTheOutput_AreToldFromOthers(string name, bool expected) =>
        new JobFiles(Output, null, IsTable: false, ".a.1.x").Include(Path.GetFullPath(Path.Combine("parts", name)))
            .Should().Be(expected);

    [Theory]
    [InlineData("part-00000-of-00002.jsonl", true)]
    [InlineData("PART-00001-of-00002.CSV.DONE", true)]
    [InlineData("part-00002-of-00002.jsonl", false)]
    [InlineData("status.json", false)]
    public void Fits_Names_AreTold(string name, bool expected) => PartName.Fits(name).Should().Be(expected);

    // A folder of names. It is asked for prefixes exactly as they are: a dot at their end counts.
    private sealed class NamesOnly(params string[] names) : IJobStorage
    {
        public List<string> Names { get; } = [.. names];

        public List<string> Asked { get; } = [];

        public bool Exists(string path) => Names.Contains(Path.GetFileName(path));

        public string[] Find(string folder, string prefix)
        {
            Asked.Add($"{folder}|{prefix}");
            return [.. Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => Path.Combine(folder, name))];
        }

        public void Delete(string path) => Names.Remove(Path.GetFileName(path));

        public void MakeFolder(string path) => throw new NotSupportedException();

        public Stream Create(string path) => throw new NotSupportedException();

        public Stream Open(string path, bool alone) => throw new NotSupportedException();

        public Stream OpenRead(string path) => throw new NotSupportedException();

        public void Flush(Stream file) => throw new NotSupportedException();

        public void Move(string from, string to, bool replace) => throw new NotSupportedException();
    }
}
