using GauRuntime.Tools;
using GauRuntime.Train.Models;

namespace GauRuntime.Train.Tests.Models;

/// <summary>The build that <c>dotnet build</c> makes, which has no libtorch.</summary>
public sealed class LibtorchAbsentTests
{
    [Fact]
    public void Require_BuildWithoutLibtorch_IsRefusedWithTheWayToStart()
    {
        Action require = Libtorch.Require;
        ToolException fault = require.Should().Throw<ToolException>().Which;
        fault.Code.Should().Be(ExitCode.Unsupported);
        fault.Message.Should().Contain("tools/Train/run").And.NotContain("\n");
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void Open_BuildWithoutLibtorch_IsRefused(string name)
    {
        Action open = () => DeviceName.Parse(name).Open();
        open.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Unsupported)
            .WithMessage("*tools/Train/run*");
    }
}
