using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>The tests of every tier once more, in a process where an emulator plays AMX and the tier is the best.</summary>
public sealed class AmxEmulatedTests : IDisposable
{
    // Every product of the tier is a signal handler's: minutes, and on a busy machine many.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(typeof(ProductTests))]
    [InlineData(typeof(GoldenTests))]
    [InlineData(typeof(ForwardTests))]
    [InlineData(typeof(DeterminismTests), true)]   // takes longer than the others together
    public void Tests_OfEveryTier_PassOnEmulatedAmx(Type tests, bool takesVeryLong = false)
    {
        if (takesVeryLong)
            TestLevel.RequireLong();
        else
            TestLevel.RequireCi();
        AmxEmulator.Require();
        string program = Path.Combine(AppContext.BaseDirectory, "GauRuntime.Tests"), count = folder.Path("count");
        (int code, string output, string error) = ChildProcess.Shell(
            $"{AmxEmulator.Environment(count)} '{program}' -class '{tests.FullName}'", Patience);
        code.Should().Be(0, output + error);
        if (!AmxEmulator.IsNeedless)
            File.ReadAllText(count).Should().MatchRegex(@"\A[1-9]\d* products, ");
    }
}
