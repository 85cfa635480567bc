using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>Not beside other tests: they measure time.</summary>
[CollectionDefinition(nameof(StartTests), DisableParallelization = true)]
public sealed class StartTestsAlone;

/// <summary>
/// How soon the native file is there, and how much memory it takes. Aimed at are 30 ms for <c>inspect</c> and 60 ms for
/// the first record, on an idle machine; the best of many starts may take three times as long here, where other tests
/// run. <c>benchmarks/Aot</c> measures.
/// </summary>
[Collection(nameof(StartTests))]
public sealed class StartTests(PublishedFile published) : IDisposable
{
    private const int Starts = 30;

    private static readonly TimeSpan InspectBudget = TimeSpan.FromMilliseconds(90);
    private static readonly TimeSpan FirstRecordBudget = TimeSpan.FromMilliseconds(180);

    private readonly string program = published.OrSkip().Program;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Inspect_BestOfManyStarts_IsWithinTheBudget() =>
        Best("inspect", process => process.StandardOutput.ReadToEnd().Should().Contain("tier "))
            .Should().BeLessThan(InspectBudget);

    [Fact]
    public void Score_FirstRecordOfManyStarts_IsWithinTheBudget() =>
        Best("score - --format txt", process =>
        {
            process.StandardInput.Write("第一条　为了规范网络数据处理活动，制定本条例。\n");
            process.StandardInput.Close();
            process.StandardOutput.ReadLine().Should().StartWith("{\"id\":0,\"label\":");
        }).Should().BeLessThan(FirstRecordBudget);

    [Fact]
    public void Score_DefaultModel_StaysWithinTheMemoryBudget()
    {
        const double LargestMiB = 80;   // of which 13 the file, 40 batches and their workspaces for two threads
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(3000));
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && '{program}' score in.jsonl --threads 2 --json -o out.jsonl; code=$?; exit $code");
        code.Should().Be(0, error);
        double peak = System.Text.Json.JsonDocument.Parse(error).RootElement
            .GetProperty("summary").GetProperty("peak_rss_mib").GetDouble();
        peak.Should().BeInRange(10, LargestMiB);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public void Score_Signal_EndsSoonAndLeavesNoFile(string signal, int code)
    {
        using Process process = ChildProcess.Start(
            $"cd '{folder.Root}' && exec env --default-signal=INT,TERM '{program}' score - --format txt -o out.jsonl");
        SpinWait.SpinUntil(() => folder.Files.Contains("out.jsonl.partial"), TimeSpan.FromSeconds(30))
            .Should().BeTrue();
        string kill = string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}");
        ChildProcess.Shell(kill).Code.Should().Be(0);
        process.WaitForExit(TimeSpan.FromSeconds(20)).Should().BeTrue();
        process.ExitCode.Should().Be(code);
        MemoryLine.Take(process.StandardError.ReadToEnd()).Others.Should().Be("error: stopped by a signal\n");
        folder.Files.Should().BeEmpty();
    }

    private TimeSpan Best(string arguments, Action<Process> use)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Starts; i++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            using Process process = Process.Start(new ProcessStartInfo(program, arguments.Split(' '))
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            use(process);
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, clock.Elapsed.Ticks));
            process.WaitForExit();
            process.ExitCode.Should().Be(0);
        }
        return best;
    }
}
