using System.Diagnostics;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Bench;
using GauRuntime.Cli.Commands;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class BenchTests : IDisposable
{
    private const string SmallRandom = "bench --random roformer-v2-small --type f32 --lengths 8";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bench_DefaultModel_PrintsALineOfJsonPerLength()
    {
        GauRun run = GauRun.Of("bench", "--lengths", "8,16", "--batch", "3", "--threads", "1", "--json");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Lines.Should().HaveCount(2);
        using JsonDocument line = JsonDocument.Parse(run.Lines[1]);
        JsonElement row = line.RootElement;
        row.EnumerateObject().Select(p => p.Name).Should().Equal(
            "type", "tier", "length", "batch", "threads", "median_ms", "tokens_per_second", "gflops", "peak_share",
            "peak_rss_mib", "attention", "passes", "peak_f32_gflops", "peak_int8_gops");
        double Number(string name) => row.GetProperty(name).GetDouble();
        row.GetProperty("type").GetString().Should().Be("int8");
        row.GetProperty("attention").GetString().Should().Be("int8");
        row.GetProperty("tier").GetString().Should().Be(KernelTiers.Current);
        (Number("length"), Number("batch"), Number("threads")).Should().Be((16, 3, 1));
        Number("passes").Should().BeGreaterThanOrEqualTo(5);
        double tokensPerSecond = 48_000 / Number("median_ms");
        Number("tokens_per_second").Should().BeApproximately(tokensPerSecond, 1e-2 * tokensPerSecond);
        Number("gflops").Should().BePositive();
        Number("peak_share").Should().BePositive().And.BeLessThan(1.1);
        Number("peak_rss_mib").Should().BeGreaterThan(10);
    }

    [Fact]
    public void Bench_FirstTokenRead_CountsWhatIsComputed()
    {
        GauRun run = GauRun.Of(
            "bench", "--lengths", "40", "--batch", "4", "--threads", "1", "--read", "first", "--json");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument line = JsonDocument.Parse(run.Lines.Should().ContainSingle().Which);
        JsonElement row = line.RootElement;
        row.GetProperty("read").GetString().Should().Be("first");
        using GauModel model = ModelSource.Load(null);
        double whole = PassOperations.Of(model.Config, 4, 40).Total, found = PassOperations.Of(model.Config, 4, 40, 1).Total;
        (found / whole).Should().BeLessThan(0.95);
        (row.GetProperty("gflops").GetDouble() * row.GetProperty("median_ms").GetDouble() * 1e6).Should()
            .BeApproximately(found, 0.01 * found);
    }

    [Fact]
    public void Bench_AllTiers_MeasuresEachThatTheMachineHas()
    {
        using GauModel model = ModelSource.Load(null);
        BenchCommand.Tiers(model, null).Should().Equal(KernelTiers.Current);
        BenchCommand.Tiers(model, ["all"]).Should().Equal(KernelTiers.Available);
    }

    [Fact]
    public void Bench_NamedTiers_AreMeasuredInTheirOrder()
    {
        string[] asked = [KernelTiers.Available[^1], KernelTiers.Available[0]];
        GauRun run = GauRun.Of(
            "bench", "--lengths", "8", "--threads", "1", "--tiers", string.Join(',', asked), "--json");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("tier").GetString()!)
            .Should().Equal(asked);
    }

    [Theory]
    [InlineData("avx3", "--tiers: 'avx3' is none of all, amx, avx512vnni, avx512, avxvnni, avx2, portable")]
    [InlineData("", "--tiers: '' is none of all, ")]
    [InlineData("all,portable", "--tiers: 'all' stands alone")]
    public void Bench_UnknownTier_IsAUsageError(string tiers, string message)
    {
        GauRun run = GauRun.Of("bench", "--lengths", "8", "--tiers", tiers);
        run.Code.Should().Be(2);
        run.Error.Should().Contain(message);
    }

    [Fact]
    public void Bench_TierThatTheMachineLacks_Ends69WithTheReason()
    {
        Assert.SkipUnless(KernelTiers.Unavailable.Count > 0, "this machine has every tier");
        (string tier, string fault) = KernelTiers.Unavailable.First();
        GauRun run = GauRun.Of("bench", "--lengths", "8", "--tiers", tier);
        run.Code.Should().Be(69);
        run.Error.Should().Be(
            $"error: --tiers {tier}: {fault}; this machine has {string.Join(", ", KernelTiers.Available)}\n");
    }

    [Fact]
    public void Bench_Profile_IsTheShareOfEveryStep()
    {
        GauRun run = GauRun.Of("bench", "--lengths", "70", "--threads", "1", "--profile", "--json");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument line = JsonDocument.Parse(run.Lines.Should().ContainSingle().Which);
        Dictionary<string, double> shares = line.RootElement.GetProperty("profile").EnumerateObject()
            .ToDictionary(step => step.Name, step => step.Value.GetDouble());
        shares.Keys.Should().Equal(
            "product_up", "activation", "quantization", "rotation", "scores", "softmax", "values", "gate",
            "product_down", "norm", "rest");
        shares.Values.Sum().Should().BeApproximately(1, 1e-3);
        shares.Values.Should().OnlyContain(share => share > 0 && share < 1);
    }

    [Fact]
    public void StepShares_Words_AreALineOfEveryStep()
    {
        StepShares shares = new([0.412, .. Enumerable.Repeat(0.05, 9)]);
        shares.Words().Should().Be(
            "  product up 41.2 %, activation 5.0 %, quantization 5.0 %, rotation 5.0 %, scores 5.0 %, softmax 5.0 %, "
            + "values 5.0 %, gate 5.0 %, product down 5.0 %, norm 5.0 %, rest 13.8 %");
    }

    [Fact]
    public void Bench_Words_IsATableWithARowPerLength()
    {
        GauRun run = GauRun.Of("bench", "--lengths", "8", "--threads", "1");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
        run.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal(
            "type", "tier", "length", "batch", "threads", "ms/pass", "tokens/s", "GFLOP/s", "of", "peak", "RSS", "MiB");
        run.Lines[1].Should().MatchRegex(@"^int8 +\S+ +8 +1 +1 +[0-9.]+ +[0-9]+ +[0-9.]+ +[0-9.]+ % +[0-9]+$");
        run.Lines[1].Should().HaveLength(run.Lines[0].Length);
    }

    [Fact]
    public void Bench_Random_NeedsNoModelAndLeavesNoFile()
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"export TMPDIR='{folder.Root}' GAU_MODEL=missing; {ChildProcess.Command("gau")} {SmallRandom} --json");
        code.Should().Be(0, error);
        output.Should().StartWith("{\"type\":\"f32\",");
        Directory.EnumerateFileSystemEntries(folder.Root).Where(IsOurs).Should().BeEmpty();
    }

    [Theory]
    [InlineData("bench --block 256", "--block is for --random: a model file has its own blocks")]
    [InlineData("bench --random base --type f32 --block 256", "--block is for --type int8")]
    [InlineData("bench --random base --block 48", "--block: '48' is none of 32, 64, 128, 256")]
    public void Bench_BlockWithoutInt8BlocksOfItsOwn_IsAUsageError(string arguments, string message)
    {
        GauRun run = GauRun.Of(arguments.Split(' '));
        run.Code.Should().Be(2);
        run.Error.Should().Contain(message);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(256)]
    [InlineData(null)]
    public void BenchModel_Random_HasTheBlocksAskedFor(int? block)
    {
        using BenchModel random = BenchModel.Random("roformer-v2-small", WeightType.Int8, block, CancellationToken.None);
        random.Model.File.Quantization.Block.Should().Be(block ?? 128, "384 inputs have no whole blocks of 256");
    }

    [Fact]
    public void Bench_Interrupted_LeavesNoFile()
    {
        using Process process = ChildProcess.Start(
            $"export TMPDIR='{folder.Root}'; exec {ChildProcess.Command("gau")} {SmallRandom},9,10,11,12,13,14,15,16");
        ChildProcess.Until(() => Directory.EnumerateFileSystemEntries(folder.Root).Any(IsOurs));
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        ChildProcess.End(process).Should().Be(130);
        Directory.EnumerateFileSystemEntries(folder.Root).Where(IsOurs).Should().BeEmpty();
    }

    [Fact]
    public void SecondsOf_Products_AreAtThePeakOfTheirTypes()
    {
        PassOperations pass = new(Dense: 8, Attention: 4);
        MachinePeak peak = new(F32: 2, Int8: 4);
        peak.SecondsOf(pass, WeightType.Int8, AttentionType.F32, threads: 2).Should().BeApproximately(
            (8 / 4.0 + 4 / 2.0) / 2e9, 1e-20);
        peak.SecondsOf(pass, WeightType.F32, AttentionType.Int8, threads: 1).Should().BeApproximately(
            (8 / 2.0 + 4 / 4.0) / 1e9, 1e-20);
    }

    // The runtime keeps sockets of its diagnostics in the same folder.
    private static bool IsOurs(string path) =>
        Path.GetFileName(path).StartsWith("gau-bench-", StringComparison.Ordinal);
}
