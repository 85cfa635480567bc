using System.Globalization;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Not beside other tests: it takes all processors, and others measure time.</summary>
[CollectionDefinition(nameof(SlurmTests), DisableParallelization = true)]
public sealed class SlurmTestsAlone;

/// <summary>
/// An array of 16 tasks on a real Slurm cluster of two nodes, whose tasks are killed, stopped, cancelled and requeued and
/// which loses a node. <c>tests/slurm/run</c> does it; what is checked here is what is left.
/// </summary>
/// <remarks>Two rounds of faults; then Slurm itself notices that the node is gone, which takes minutes.</remarks>
[Collection(nameof(SlurmTests))]
public sealed class SlurmTests : IDisposable
{
    private const int Shards = 16;
    private static readonly string Scripts = Path.Combine(Fixtures.Root, "tests", "slurm");

    private readonly TemporaryFolder folder = new();

    /// <summary>Ends the cluster, whatever became of the test.</summary>
    public void Dispose()
    {
        ChildProcess.Shell($"'{Scripts}/cluster' stop '{folder.Path("cluster")}'");
        folder.Dispose();
    }

    [Fact]
    public void Array_TasksKilledCancelledRequeuedAndANodeLost_MergesToTheBytesOfOneProcess()
    {
        TestLevel.RequireLong();
        SkipWithoutSlurm();
        folder.Write("in.jsonl", SampleRecords.JsonLines(20_000));
        Run($"score {folder.Path("in.jsonl")} -o whole.jsonl --rejects whole.rejects", TimeSpan.FromMinutes(10));

        (int code, string report, string error) = ChildProcess.Shell(
            $"export GAU=\"{ChildProcess.Command("gau")}\" WAIT_FOR_SLURM=1; "
            + $"'{Scripts}/run' '{folder.Root}' '{folder.Path("in.jsonl")}' 2",
            TimeSpan.FromMinutes(60));
        TestContext.Current.TestOutputHelper!.WriteLine(report + error);
        code.Should().Be(0, report + error);
        report.Should().ContainAll(
            "kill -9 of task", "SIGTERM to task", "cancelled", "requeued", "node n2 lost",
            "goes on after another has completed it", "the attempt ended with 0", "submitted again");
        Codes().Should().NotBeEmpty().And.OnlyContain(
            ended => ended == 0 || ended == 75 || ended == 137 || ended == 143, "all else would be no use to try again");

        Run("merge parts -o merged.jsonl --rejects merged.rejects", TimeSpan.FromMinutes(1));
        File.ReadAllBytes(folder.Path("merged.jsonl")).Should().Equal(File.ReadAllBytes(folder.Path("whole.jsonl")));
        File.ReadAllBytes(folder.Path("merged.rejects")).Should().Equal(File.ReadAllBytes(folder.Path("whole.rejects")));
        Directory.GetFiles(folder.Path("parts")).Select(Path.GetFileName).Should().BeEquivalentTo(
            Enumerable.Range(0, Shards).SelectMany(PartFiles));
    }

    private static string[] PartFiles(int shard)
    {
        string part = string.Create(CultureInfo.InvariantCulture, $"part-{shard:00000}-of-{Shards:00000}");
        return [part + ".jsonl", part + ".jsonl.done", part + ".rejects.jsonl"];
    }

    private static void SkipWithoutSlurm()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root", "Slurm's daemons have to be started by root");
        string[] missing = [.. ((string[])["slurmctld", "slurmd", "sbatch", "srun", "munged"])
            .Where(program => ChildProcess.Shell($"command -v {program}").Code != 0)];
        Assert.SkipUnless(
            missing.Length == 0, $"not installed: {string.Join(", ", missing)} (Debian: slurm-wlm, munge)");
    }

    // How gau ended, of every attempt.
    private IEnumerable<int> Codes() => File.ReadLines(folder.Path("ended")).Select(
        line => int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));

    private void Run(string command, TimeSpan patience)
    {
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}'; {ChildProcess.Command("gau")} {command}", patience);
        code.Should().Be(0, error);
    }
}
