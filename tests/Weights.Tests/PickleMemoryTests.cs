using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>What a pickle makes the reader allocate is a small multiple of its bytes.</summary>
public sealed class PickleMemoryTests
{
    private const int Length = 1 << 20;

    /// <summary>Opcodes that are repeated, with what is said of them; null where they are read.</summary>
    [Theory]
    [InlineData("]", "]", "a")]            // lists in lists, to the depth of the stack
    [InlineData("}", "}N", "s")]           // dictionaries in dictionaries
    [InlineData("N", "\u0094", "")]        // one value, memoized again and again
    [InlineData("](", "]", "e")]           // empty lists, as many as the stack holds
    public void Run_HostileNests_AllocateASmallMultiple(string start, string grow, string shrink)
    {
        List<byte> pickle = [0x80, 4, .. Bytes(start)];
        while (pickle.Count < Length)
        {
            int levels = 60_000 / grow.Length;
            for (int i = 0; i < levels; i++)
                pickle.AddRange(Bytes(grow));
            if (shrink == "e")
                pickle.AddRange(Bytes("e("));
            else
                for (int i = 0; i < levels; i++)
                    pickle.AddRange(Bytes(shrink));
        }
        byte[] bytes = [.. pickle];
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            new PickleMachine("x", 0, bytes).Run();
        }
        catch (GauFormatException)
        {
            // What counts is what it cost to find out.
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((32 << 20) + 64L * bytes.Length);
    }

    [Fact]
    public void Run_AMillionNumbersInBatchesOfAThousand_AreRead()
    {
        List<byte> pickle = [0x80, 2, (byte)']'];
        for (int batch = 0; batch < 1000; batch++)
        {
            pickle.Add((byte)'(');
            for (int i = 0; i < 1000; i++)
                pickle.AddRange([(byte)'K', (byte)i]);
            pickle.Add((byte)'e');
        }
        pickle.Add((byte)'.');
        new PickleMachine("x", 0, pickle.ToArray()).Run().Should().BeOfType<PickleList>()
            .Which.Items.Count.Should().Be(1_000_000);
    }

    private static byte[] Bytes(string opcodes) => [.. opcodes.Select(opcode => (byte)opcode)];
}
