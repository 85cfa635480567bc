using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Control groups as the kernel shows them, in a folder of our own.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OfProcess_OnThisMachine_IsSomeMemory() =>
        MemoryLimit.OfProcess().Should().BeGreaterThan(64L << 20);

    [Fact]
    public void OfControlGroups_Version2_IsTheLeastOfTheGroupAndThoseAroundIt()
    {
        Write("slurm/memory.max", "400000000\n");
        Write("slurm/job_7/memory.max", "max\n");
        Write("slurm/job_7/step_0/memory.max", "500000000\n");
        Of("0::/slurm/job_7/step_0\n").Should().Be(400_000_000);
    }

    [Fact]
    public void OfControlGroups_Version1_IsTheMemoryControllers()
    {
        Write("memory/docker/memory.limit_in_bytes", "300000000\n");
        Write("docker/memory.max", "1\n");
        Of("5:cpu,cpuacct:/docker\n4:memory:/docker\n").Should().Be(300_000_000);
    }

    [Fact]
    public void OfControlGroups_PathOfTheHostInAContainer_IsTheRoots()
    {
        Write("memory.max", "200000000\n");
        Of("0::/kubepods/burstable/pod7\n").Should().Be(200_000_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0::/none\n")]
    [InlineData("no line of a control group\n")]
    public void OfControlGroups_NoLimit_IsNone(string own) => Of(own).Should().Be(long.MaxValue);

    private long Of(string own)
    {
        folder.Write("own", own);
        return MemoryLimit.OfControlGroups(folder.Path("own"), folder.Path(""));
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Path(path))!);
        folder.Write(path, text);
    }
}
