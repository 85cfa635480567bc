namespace GauRuntime.Train.Tests;

/// <summary>The tests in Torch/, which are built with libtorch and run in a process of their own.</summary>
public sealed class TorchTests
{
    [Fact]
    public void TestsThatNeedLibtorch_All_Pass()
    {
        TestLevel.RequireLong();
        string project = Path.Combine(Fixtures.Root, "tests", "Train.Tests", "GauRuntime.Train.Tests.csproj");
        (int code, string output, string error) = ChildProcess.Shell(
            $"'{Path.Combine(Fixtures.Root, "tools", "libtorch")}' '{project}' -noLogo -noColor",
            TimeSpan.FromMinutes(60));
        code.Should().Be(0, output + error);
    }
}
