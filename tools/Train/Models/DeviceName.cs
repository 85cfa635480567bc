using System.Globalization;
using GauRuntime.Tools;
using TorchSharp;

namespace GauRuntime.Train.Models;

/// <summary>What <c>--device</c> names: where a model computes.</summary>
/// <param name="Type">The processor, or a graphics card.</param>
/// <param name="Index">Which card, from 0.</param>
internal sealed record DeviceName(DeviceType Type, int Index)
{
    private const string Cuda = "cuda";

    /// <summary>The processor.</summary>
    public static DeviceName Cpu { get; } = new(DeviceType.CPU, 0);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; loads nothing.</summary>
    /// <exception cref="ToolException">It is none of these (2).</exception>
    public static DeviceName Parse(string name)
    {
        if (name == "cpu")
            return Cpu;
        int index = 0;
        if (name == Cuda || (name.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && int.TryParse(
                name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            return new DeviceName(DeviceType.CUDA, index);
        throw new ToolException(ExitCode.Usage, $"--device: '{name}' is none of cpu, cuda and cuda:N.");
    }

    /// <summary>The device, with libtorch loaded.</summary>
    /// <exception cref="ToolException">libtorch, CUDA or the card is not there (69).</exception>
    public torch.Device Open()
    {
        Libtorch.Require();
        if (Type == DeviceType.CPU)
            return torch.CPU;
        if (!torch.cuda.is_available())
            throw Missing(
                "libtorch finds no CUDA here: GAU_CUDA=1 tools/Train/run brings it, and --device cpu computes without");
        if (Index >= torch.cuda.device_count())
            throw Missing($"there are {torch.cuda.device_count()} cards");
        return new torch.Device(Type, Index);
    }

    /// <summary>As it is written on the command line.</summary>
    public override string ToString() => Type == DeviceType.CPU
        ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"{Cuda}:{Index}");

    private ToolException Missing(string reason) => new(ExitCode.Unsupported, $"--device {this}: {reason}");
}
