using FluentAssertions;
using GauRuntime.Threads;
using Xunit;

namespace GauRuntime.Tests.Threads;

public sealed class ThreadLimitTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("-3", false)]
    [InlineData("many", false)]
    [InlineData("100000", false)]
    [InlineData("1", true)]
    public void Of_Slurm_LowersTheProcessorsOnly(string? slurm, bool one) =>
        ThreadLimit.Of(name => name == "SLURM_CPUS_PER_TASK" ? slurm : null)
            .Should().Be(one ? 1 : Environment.ProcessorCount);
}
