using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>
/// How much memory the native file takes, and that it ends when it is told to. How soon it is there,
/// <c>benchmarks/Aot</c> measures.
/// </summary>
public sealed class BudgetTests(PublishedFile published) : IDisposable
{
    private readonly string program = published.OrSkip().Program;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_DefaultModel_StaysWithinTheMemoryBudget()
    {
        const double LargestMiB = 80;   // of which 13 the file, 40 batches and their workspaces for two threads
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(TestLevel.Of(800, 800, 3000)));
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && '{program}' score in.jsonl --threads 2 --json -o out.jsonl; code=$?; exit $code");
        code.Should().Be(0, error);
        double peak = System.Text.Json.JsonDocument.Parse(error.TrimEnd().Split('\n')[^1]).RootElement
            .GetProperty("summary").GetProperty("peak_rss_mib").GetDouble();
        peak.Should().BeInRange(10, LargestMiB);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public void Score_Signal_EndsTheRunAndLeavesNoFile(string signal, int code)
    {
        using Process process = ChildProcess.Start(
            $"cd '{folder.Root}' && exec env --default-signal=INT,TERM '{program}' score - --format txt -o out.jsonl");
        ChildProcess.Until(() => folder.Files.Contains("out.jsonl.partial"));
        string kill = string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}");
        ChildProcess.Shell(kill).Code.Should().Be(0);
        ChildProcess.End(process).Should().Be(code);
        process.StandardError.ReadToEnd().Should().EndWith("error: stopped by a signal\n");
        folder.Files.Should().BeEmpty();
    }
}
