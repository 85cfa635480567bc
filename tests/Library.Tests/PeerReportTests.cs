using FluentAssertions;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Peers;
using GauRuntime.Benchmarks.Peers.Measuring;
using GauRuntime.Benchmarks.Peers.Reports;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The tables of benchmarks/Peers.</summary>
public sealed class PeerReportTests
{
    [Fact]
    public void Tables_InBenchmarksResults_AreThoseOfTheRawResults()
    {
        string[] raw =
        [
            .. PeerReport.All.SelectMany(report => Directory.GetFiles(
                Repository.At("benchmarks", "results"), $"{report.Name}.json", SearchOption.AllDirectories)),
        ];
        raw.Should().NotBeEmpty();
        foreach (string path in raw)
            File.ReadAllText(Path.ChangeExtension(path, "md")).Should().Be(
                new MarkdownReport(JsonReport.Read(path)).ToString(), $"benchmarks/Peers/run --tables makes it of {path}");
    }

    [Fact]
    public void AuthorsTable_OfAllEncoders_IsRelativeToBertAndPastItsPositionsToRoFormer()
    {
        PeerResults results = Results(PeerReport.Authors);
        results.Measurements.AddRange(
        [
            Run("bert:ours-int8", 128, 0.128), Run("roformer-v1:ours-int8", 128, 0.160), Run("gau:ours-int8", 128, 0.1),
            Run("roformer-v1:ours-int8", 1024, 1.024), Run("gau:ours-int8", 1024, 0.512), Run("gau:ours-f32", 1024, 1),
        ]);
        new MarkdownReport(results).ToString().Should().Contain("""
            | 1 thread | 128 | 1024 |
            | --- | ---: | ---: |
            | BERT, RoBERTa, int8 | 1000 (1.00) | – |
            | RoFormer, int8 | 800 (0.80) | 1000 (1.00) |
            | GAU-α, int8 | 1280 (1.28) | 2000 (2.00) |
            | GAU-α, F32 | – | 1024 |
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Report_OfAJob_TellsTextsPerSecondAndTheBestPeerOfEachKind()
    {
        PeerResults results = Results(PeerReport.Named("embedding"));
        results.Measurements.AddRange(
        [
            Job("bert:ours-int8", 1024, 1), Job("bert:ours-f32", 1024, 3), Job("bert:ort-int8", 8, 2),
            Job("bert:ort-f32", 1, 6), Job("bert:torch-f32", 16, 12),
        ]);
        string report = new MarkdownReport(results).ToString();
        report.Should().StartWith("# Embedding with BERT base beside its peers\n").And.NotContain("In short");
        report.Should().Contain("BERT, a job of texts of many lengths").And.Contain("100 texts of 6000 tokens");
        report.Should().Contain("""
            | 1 thread | batch | texts/s | tokens/s | / best peer | / best F32 peer |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | ours, int8 | 1024 tokens | 100.0 | 6000 | 2.00 | 6.00 |
            | ours, F32 | 1024 tokens | 33.3 | 2000 | 0.67 | 2.00 |
            | ONNX Runtime, int8 | 8 texts | 50.0 | 3000 | 1.00 | 3.00 |
            | ONNX Runtime, F32 | 1 text | 16.7 | 1000 | 0.33 | 1.00 |
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void JsonReport_ReadAgain_GivesTheSameTables()
    {
        using TemporaryFolder folder = new();
        PeerResults results = Results(PeerReport.Authors);
        results.Measurements.AddRange([Run("bert:ours-int8", 128, 0.128), Run("gau:ours-int8", 128, 0.1)]);
        results.Memory.Add(new MemorySample("bert:ours-int8", 128, 200 << 20));
        string tables = ResultsFolder.Write(folder.Root, results);
        string written = File.ReadAllText(tables);
        Path.GetFileName(tables).Should().Be("authors.md");
        File.Delete(tables);
        ResultsFolder.WriteTables(folder.Root);
        File.ReadAllText(tables).Should().Be(written).And.Contain("| bert:ours-int8 | 200 |");
    }

    [Fact]
    public void Tables_OfAFolderWithoutResults_AreRefused()
    {
        using TemporaryFolder folder = new();
        FluentActions.Invoking(() => ResultsFolder.WriteTables(folder.Root)).Should().Throw<ArgumentException>()
            .WithMessage($"{folder.Root} has no results*");
    }

    [Fact]
    public void Batches_OfAJob_HoldEveryTextOnce()
    {
        int[][] texts = RandomTexts.Job(200);
        RandomTexts.Packed(texts, 1024).SelectMany(batch => batch).Should().Equal(texts);
        RandomTexts.Packed(texts, 1024).Should().OnlyContain(batch => batch.Sum(text => text.Length) <= 1024);
        int[][][] sorted = RandomTexts.Sorted(texts, 16);
        sorted.SelectMany(batch => batch).ToHashSet().SetEquals(texts).Should().BeTrue();
        sorted.SelectMany(batch => batch).Select(text => text.Length).Should().HaveCount(200).And.BeInDescendingOrder();
        sorted[..^1].Should().OnlyContain(batch => batch.Length == 16);
    }

    private static PeerResults Results(PeerReport report) => new()
    {
        Machine = new Machine("processor", 2, ["avx2"], "system", ".NET"), Date = "2026-01-01",
        Command = "benchmarks/Peers/run", Report = report.Name,
    };

    private static EngineRun Run(string engine, int length, double seconds) =>
        new(engine, Threads: 1, Batch: 1, length, length, [seconds], Texts: 1);

    private static EngineRun Job(string engine, int batch, double seconds) =>
        new(engine, Threads: 1, batch, Length: 0, Tokens: 6000, [seconds], Texts: 100);
}
