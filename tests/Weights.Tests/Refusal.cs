using FluentAssertions;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Weights.Tests;

/// <summary>What "refused" means everywhere: one line, naming the file, at next to no memory.</summary>
internal static class Refusal
{
    private const long MostAllocated = 1 << 20;

    public static GauFormatException Expect(string path, Action open)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        GauFormatException fault = open.Should().Throw<GauFormatException>().Which;
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(
            MostAllocated + 64 * new FileInfo(path).Length);
        fault.File.Should().NotBeEmpty();
        fault.Message.Should().NotContain("\n").And.NotContain("   at ");
        return fault;
    }

    /// <summary>Opens and reads everything; whatever is wrong must be a format fault or an I/O error.</summary>
    public static bool Survives(Func<ICheckpoint> open)
    {
        try
        {
            using ICheckpoint checkpoint = open();
            foreach (TensorEntry tensor in checkpoint.Tensors)
                if (Elements.Width(tensor.Type) != 0 && tensor.ByteLength < 1 << 24)
                    checkpoint.Read(tensor, new byte[tensor.ByteLength]);
            return true;
        }
        catch (Exception e) when (e is GauFormatException or IOException)
        {
            return false;
        }
    }
}
