using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Plans for a tiny model; what runs really take is measured with the program.</summary>
public sealed class MemoryPlanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public MemoryPlanTests() => model = LoadedModel.Of(folder, TinyModel.Sequence);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void For_EnoughMemory_IsWhatWasAskedFor()
    {
        MemoryPlan plan = Plan();
        (plan.Options.Threads, plan.Options.LongTexts).Should().Be((4, 4));
        plan.Bytes.Should().Be(plan.Program + plan.Model + plan.Workspaces + plan.Heap + plan.Windows);
        plan.Model.Should().Be(new FileInfo(folder.Path("model.safetensors")).Length);
    }

    [Fact]
    public void For_LessMemory_TakesFewerLongTextsAndThenFewerThreads()
    {
        long bytes = Plan().Bytes;
        List<(int Threads, int LongTexts)> plans = [];
        for (MemoryPlan plan = Plan(); plan.Bytes <= bytes; plan = Plan(bytes))
        {
            plans.Add((plan.Options.Threads, plan.Options.LongTexts));
            bytes = plan.Bytes - 1;
        }
        plans.Should().Equal((4, 4), (4, 3), (4, 2), (4, 1), (3, 1), (2, 1), (1, 1));
    }

    [Fact]
    public void For_TooLittleMemory_IsTheLeastPlan()
    {
        MemoryPlan plan = Plan(limit: 1);
        (plan.Options.Threads, plan.Options.LongTexts).Should().Be((1, 1));
        plan.Bytes.Should().BeGreaterThan(1);
    }

    [Fact]
    public void For_LongerLinesTextsAndTables_NeedMore()
    {
        long usual = Plan().Bytes;
        Plan(longestLine: 64 << 20).Bytes.Should().BeGreaterThan(usual + (60 << 20));
        Plan(options: new ScoringOptions { Threads = 4, MaxLength = 8192 }).Bytes.Should().BeGreaterThan(usual);
        Plan(options: new ScoringOptions { Threads = 4, MaxLength = 512 }).Bytes.Should().BeLessThan(usual);
        Plan(toTable: true).Bytes.Should().BeGreaterThan(usual);
    }

    [Fact]
    public void For_FileOfZstandard_CountsItsWindow()
    {
        string path = folder.Path("in.jsonl");
        File.WriteAllBytes(path, CompressedBytes.Of(Compression.Zstandard, "{\"text\":\"今\"}\n"));
        Plan(input: InputFile.Find(path, null)).Windows.Should().BeGreaterThan(128 << 20);
        Plan().Windows.Should().BeInRange(8 << 20, 16 << 20);
    }

    private MemoryPlan Plan(
        long limit = long.MaxValue, ScoringOptions? options = null, int longestLine = RecordSource.DefaultLongestLine,
        bool toTable = false, InputFile? input = null)
    {
        using RecordSource source = new(
            [input ?? RecordReaderTests.Input("今天\n", RecordFormat.Text)], new RecordFields(), longestLine);
        return MemoryPlan.For(
            RecordTask.Score(model), source, options ?? new ScoringOptions { Threads = 4 }, toTable, limit);
    }
}
