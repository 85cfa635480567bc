using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Shards and <c>gau merge</c>, from the command line.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public MergeTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence with { Labels = ["a\nb", "b", "c"] });
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.jsonl", string.Concat(
            Enumerable.Range(0, 40).Select(i => i % 7 == 3 ? "{}\n" : $"{{\"text\":\"今天{i}\"}}\n")));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("merged.csv")]
    [InlineData("merged.xlsx")]
    [InlineData("merged.csv.gz")]
    public void Merge_IntoANameOfAnotherFormat_IsRefused(string name)
    {
        Score(2, "jsonl");
        GauRun run = Run("merge", "{parts}", "-o", $"{{{name}}}");
        run.Code.Should().Be(2);
        run.Error.Should().EndWith(
            $"{name}: the parts are .jsonl, and so is what they are joined into: name it so, or without extension\n");
        File.Exists(folder.Path(name)).Should().BeFalse();
    }

    [Theory]
    [InlineData("jsonl", 1)]
    [InlineData("jsonl", 5)]
    [InlineData("csv", 5)]
    [InlineData("tsv", 60)]
    public void Merge_Parts_GivesTheBytesOfOneProcess(string format, int count)
    {
        Whole(format);
        Score(count, format);
        GauRun run = Run("merge", "{parts}", "-o", "{merged}", "--rejects", "{merged.rejects}", "--json");
        run.Code.Should().Be(0, run.Error);
        Same("merged", "whole");
        Same("merged.rejects", "whole.rejects");
        using JsonDocument json = JsonDocument.Parse(run.Error);
        JsonElement summary = json.RootElement.GetProperty("summary");
        summary.GetProperty("parts").GetInt32().Should().Be(count);
        summary.GetProperty("records").GetInt64().Should().Be(40);
        summary.GetProperty("rejected").GetInt64().Should().Be(6);
        summary.GetProperty("bytes").GetInt64().Should().Be(new FileInfo(folder.Path("merged")).Length);
        summary.GetProperty("rejects_bytes").GetInt64().Should().Be(
            new FileInfo(folder.Path("merged.rejects")).Length);
    }

    [Fact]
    public void Merge_WithoutOutput_PrintsTheResultsAndASummary()
    {
        Whole("csv");
        Score(3, "csv");
        GauRun run = Run("merge", "{parts}");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be(File.ReadAllText(folder.Path("whole")));
        run.Error.Should().Be($"gau: 3 parts, 40 records (6 rejected), {run.Output.Length} bytes\n");
    }

    [Fact]
    public void Merge_RejectsInAFolderOfTheirOwn_AreFoundThere()
    {
        Whole("jsonl");
        for (int i = 0; i < 3; i++)
            Run("score", "{in.jsonl}", "-o", "{parts}", "--shard", $"{i}/3", "--rejects", "{bad}").Code.Should().Be(0);
        GauRun without = Run("merge", "{parts}", "-o", "{merged}", "--rejects", "{merged.rejects}");
        Fails(without, 66, "rejects of parts 0-2 of 3 are missing");
        Run("merge", "{parts}", "-o", "{merged}", "--rejects", "{merged.rejects}", "--rejects-parts", "{bad}")
            .Code.Should().Be(0);
        Same("merged.rejects", "whole.rejects");
    }

    [Fact]
    public void Merge_MissingParts_NamesThem()
    {
        Score(16, "jsonl", except: [3, 7, 8, 9]);
        Fails(Merge(), 66, "parts 3, 7-9 of 16 are missing");
        Score(16, "jsonl", except: [.. Enumerable.Range(0, 16).Except([3, 7, 8])]);
        Fails(Merge(), 66, "part 9 of 16 is missing");
        Run("score", "{in.jsonl}", "-o", "{parts}", "--shard", "9/16", "--rejects", "{parts}").Code.Should().Be(0);
        Merge().Code.Should().Be(0);
    }

    [Fact]
    public void Merge_PartWithoutMarkerOrMarkerWithoutPart_IsMissing()
    {
        Score(4, "jsonl");
        File.Delete(Part(1) + ".done");
        File.Delete(Part(2));
        Fails(Merge(), 66, "parts 1-2 of 4 are missing");
    }

    [Theory]
    [InlineData("nowhere", "no such folder")]
    [InlineData(".", "holds no parts of a job")]
    public void Merge_NoParts_SaysSo(string name, string message)
    {
        folder.Write("part-list.txt", "");
        Fails(Run("merge", $"{{{name}}}", "-o", "{merged}"), 66, message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Merge_PartUnlikeItsMarker_IsRefusedAndLeavesNothing(bool sameLength)
    {
        Score(4, "jsonl");
        byte[] bytes = File.ReadAllBytes(Part(2));
        bytes[^2] ^= 1;
        File.WriteAllBytes(Part(2), sameLength ? bytes : bytes[..^1]);
        Fails(
            Merge(), 65,
            sameLength
                ? "its bytes are not those that its marker says; score the part again with --force"
                : $"it has {bytes.Length - 1} bytes and its marker says {bytes.Length}");
        Run("score", "{in.jsonl}", "-o", "{parts}", "--rejects", "{parts}", "--shard", "2/4", "--force")
            .Code.Should().Be(0);
        Merge().Code.Should().Be(0);
    }

    [Fact]
    public void Merge_RejectsUnlikeTheirMarker_AreRefused()
    {
        Score(2, "jsonl");
        File.AppendAllText(folder.Path(Path.Combine("parts", "part-00001-of-00002.rejects.jsonl")), "x");
        Fails(Run("merge", "{parts}", "-o", "{merged}", "--rejects", "{merged.rejects}"), 65, "bytes and its marker says");
    }

    [Fact]
    public void Merge_MarkerOfSomethingElse_IsMalformed()
    {
        Score(2, "jsonl");
        File.WriteAllText(Part(1) + ".done", "{}");
        Fails(Merge(), 65, "is no marker of a part");
        File.Copy(Part(0) + ".done", Part(1) + ".done", overwrite: true);
        Fails(Merge(), 65, "is the marker of part-00000-of-00002.jsonl");
    }

    [Theory]
    [InlineData("今天1\"", 0)]    // in the share of task 0, changed after it
    [InlineData("今天15\"", 1)]
    [InlineData("今天18\"", 1)]
    public void Merge_InputChangedBetweenTasks_IsRefused(string changed, int task)
    {
        string input = File.ReadAllText(folder.Path("in.jsonl"));
        Score(4, "jsonl", except: [.. Enumerable.Range(task + 1, 3 - task)]);
        folder.Write("in.jsonl", input.Replace(changed, changed.Replace('天', '年'), StringComparison.Ordinal));
        Score(4, "jsonl", except: [.. Enumerable.Range(0, task + 1)]);
        Fails(Merge(), 78, $"does not go on where part {task} ended: an input changed between the tasks");
        for (int i = 0; i <= task; i++)
            Run("score", "{in.jsonl}", "-o", "{parts}", "--rejects", "{parts}", "--shard", $"{i}/4", "--force")
                .Code.Should().Be(0);
        Merge().Code.Should().Be(0);
    }

    [Fact]
    public void Merge_PartsOfDifferentJobs_NamesTheDifference()
    {
        Score(3, "jsonl");
        Run("score", "{in.jsonl}", "-o", "{parts}", "--rejects", "{parts}", "--shard", "2/3", "--force", "--max-length", "9")
            .Code.Should().Be(0);
        Fails(
            Merge(), 78,
            "part-00002-of-00003.jsonl: belongs to another job than part 0 (longest text: was '4096 tokens', is '9 tokens')");
    }

    [Fact]
    public void Merge_PartsOfTwoCounts_AreRefused()
    {
        Score(3, "jsonl");
        File.WriteAllText(folder.Path(Path.Combine("parts", "part-00000-of-00002.jsonl")), "");
        Fails(Merge(), 78, "holds parts of 2 and parts of 3");
    }

    [Fact]
    public void Merge_PartInTwoFormats_IsRefused()
    {
        Score(2, "jsonl");
        Score(2, "csv");
        Fails(Merge(), 78, "part 0 is there twice: part-00000-of-00002.csv and part-00000-of-00002.jsonl");
    }

    [Fact]
    public void Merge_ExistingOutputs_AreReplacedOnlyByForce()
    {
        Score(2, "jsonl");
        folder.Write("merged", "old");
        folder.Write("bad", "old");
        Fails(Merge(), 73, "exists already; --force replaces it", "merged");
        Fails(
            Run("merge", "{parts}", "-o", "{merged-new}", "--rejects", "{bad}"), 73,
            "exists already; --force replaces it", "merged");
        File.ReadAllText(folder.Path("merged")).Should().Be("old");
        Run("merge", "{parts}", "-o", "{merged}", "--rejects", "{bad}", "--force").Code.Should().Be(0);
        File.ReadAllText(folder.Path("merged")).Should().StartWith("{\"id\":0,");
        File.ReadAllText(folder.Path("bad")).Should().StartWith("{\"id\":3,");
    }

    [Theory]
    [InlineData("merge", "Required argument 'DIR' missing")]
    [InlineData("merge {parts} -o {merged} --rejects {merged}", "--output and --rejects name the same file")]
    [InlineData("merge {parts} -o {merged} --rejects-parts {parts}", "--rejects, where to, is missing")]
    [InlineData("merge {parts} -o {parts/part-00000-of-00002.jsonl} --force", "is one of the files to be joined")]
    [InlineData("merge {parts} -o {parts/part-00001-of-00002.jsonl.done} --force", "is one of the files to be joined")]
    [InlineData("merge {plain} -o {merged} --rejects {bad}", "these parts were scored without --rejects")]
    public void Merge_WhatCannotBeMeant_IsAUsageError(string line, string message)
    {
        Score(2, "jsonl");
        Run("score", "{in.jsonl}", "-o", "{plain}", "--shard", "0/1").Code.Should().Be(0);
        Fails(Run(line.Split(' ')), 2, message);
    }

    private void Whole(string format) => Run(
        "score", "{in.jsonl}", "-o", "{whole}", "--rejects", "{whole.rejects}", "--output-format", format)
        .Code.Should().Be(0);

    private void Score(int count, string format, params int[] except)
    {
        for (int i = 0; i < count; i++)
        {
            if (!except.Contains(i))
                Run(
                    "score", "{in.jsonl}", "-o", "{parts}", "--rejects", "{parts}", "--shard", $"{i}/{count}",
                    "--output-format", format, "--resume").Code.Should().Be(0);
        }
    }

    private string Part(int index) => folder.Path(Path.Combine("parts", $"part-{index:00000}-of-{Count():00000}.jsonl"));

    private int Count() => int.Parse(
        Directory.GetFiles(folder.Path("parts"), "part-*.rejects.jsonl")[0].Split("-of-")[^1][..5],
        System.Globalization.CultureInfo.InvariantCulture);

    private void Same(string name, string expected) =>
        File.ReadAllBytes(folder.Path(name)).Should().Equal(File.ReadAllBytes(folder.Path(expected)));

    private void Fails(GauRun run, int code, string message, params string[] left)
    {
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Error.Split('\n').Should().HaveCount(2);
        folder.Files.Where(name => name.StartsWith("merged", StringComparison.Ordinal)).Should().Equal(left);
    }

    private GauRun Merge() => Run("merge", "{parts}", "-o", "{merged}");

    private GauRun Run(params string[] args) => GauRun.Of(folder.Named(args), "", environment);
}
