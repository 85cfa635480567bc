using GauRuntime.Tools;
using GauRuntime.Train.Models;
using TorchSharp;

namespace GauRuntime.Train.Tests.Models;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, 0, "cpu")]
    [InlineData("cuda", DeviceType.CUDA, 0, "cuda:0")]
    [InlineData("cuda:3", DeviceType.CUDA, 3, "cuda:3")]
    public void Parse_KnownName_IsTheDevice(string name, DeviceType type, int index, string shown)
    {
        DeviceName device = DeviceName.Parse(name);
        device.Should().Be(new DeviceName(type, index));
        device.ToString().Should().Be(shown);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cpu:0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:+1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    [InlineData("cuda1")]
    public void Parse_AnotherName_IsRefused(string name)
    {
        Action parse = () => DeviceName.Parse(name);
        parse.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Usage)
            .WithMessage($"--device: '{name}' is none of cpu, cuda and cuda:N.");
    }
}
