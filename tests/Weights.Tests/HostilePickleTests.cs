using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>Pickles that want something executed, remembered or repeated without end.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private GauFormatException Refuse(byte[] pickle, params byte[][] storages)
    {
        string path = folder.Write("hostile.bin", ZipWriter.Torch(pickle, storages));
        return Refusal.Expect(path, () => new TorchCheckpoint(path).Dispose());
    }

    [Fact]
    public void TorchCheckpoint_CodeInPickle_IsNamedAndNeverRun()
    {
        string canary = folder.Path("canary");
        string command = $"touch {canary}";
        (byte[] Pickle, string Global)[] attacks =
        [
            (new PickleWriter().Global("os", "system").Op('(').Text(command).Op('t').Op('R').Stop(), "os.system"),
            (new PickleWriter().Global("posix", "system").Op('(').Text(command).Op('t').Op('R').Stop(), "posix.system"),
            (new PickleWriter(4).Text("os").Text("system").Op(0x93).Text(command).Op(0x85).Op('R').Stop(), "os.system"),
            (new PickleWriter().Op('(').Text(command).Line('i', "os", "system").Stop(), "os.system"),
            (new PickleWriter().Global("builtins", "eval").Text("1").Op(0x85).Op('R').Stop(), "builtins.eval"),
            (new PickleWriter().Global("builtins", "getattr").Global("train", "f").Text("__globals__").Op(0x86).Op('R').Stop(),
                "builtins.getattr"),
            (new PickleWriter().Op('}').Text("w").Global("io", "open").Text(canary).Text("w").Op(0x86).Op('R').Op('s').Stop(),
                "io.open"),
            (new PickleWriter().Global("torch.storage", "_load_from_bytes").Stop(), "torch.storage._load_from_bytes"),
            (new PickleWriter().Global("torch", "load").Stop(), "torch.load"),
            (new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2.__globals__").Stop(), "__globals__"),
            (new PickleWriter().Global("subprocess", "Popen").Op(')').Op(0x81).Stop(), "subprocess.Popen"),
        ];
        foreach ((byte[] pickle, string global) in attacks)
        {
            GauFormatException fault = Refuse(pickle);
            fault.Reason.Should().Contain(global).And.Contain("refused");
            fault.Place.Should().Contain("offset");
        }
        File.Exists(canary).Should().BeFalse();
    }

    [Fact]
    public void TorchCheckpoint_BuildWithSetstate_IsRefused()
    {
        Refuse(new PickleWriter().Op('}').Op('}').Text("__setstate__").Int(1).Op('s').Op('b').Stop())
            .Reason.Should().Contain("__setstate__");
        Refuse(
            new PickleWriter().Global("torch", "FloatStorage").Op('}').Op('b').Stop()).Reason.Should().Contain("BUILD");
    }

    [Theory]
    [InlineData('P', "../../etc/passwd")]
    [InlineData('P', "storage")]
    public void TorchCheckpoint_PersistentIdAsText_IsRefused(char opcode, string id) =>
        Refuse(new PickleWriter().Line(opcode, id).Stop()).Reason.Should().Contain("refused");

    [Fact]
    public void TorchCheckpoint_PersistentIdThatLeavesTheArchive_FindsNoStorage()
    {
        File.WriteAllBytes(folder.Path("outside"), new byte[16]);
        Refuse(PickleWriter.Dict("t", p => p.Tensor("FloatStorage", "../../outside", 4, 0, [4], [1])))
            .Reason.Should().Contain("missing");
        Refuse(new PickleWriter().Text("storage").Op('Q').Stop()).Reason.Should().Contain("persistent id");
        Refuse(new PickleWriter().Ints(1, 2, 3, 4, 5).Op('Q').Stop()).Reason.Should().Contain("persistent id");
    }

    [Fact]
    public void TorchCheckpoint_NestedAMillionTimes_IsRefused()
    {
        byte[] lists = [.. Enumerable.Repeat((byte)']', 1_000_000)];
        byte[] marks = [.. Enumerable.Repeat((byte)'(', 1_000_000)];
        byte[] appends = [.. Enumerable.Repeat((byte)'a', 999_999)];
        Refuse(new PickleWriter().Op(lists).Op(appends).Stop()).Reason.Should().Contain("stack");
        Refuse(new PickleWriter().Op(marks).Stop()).Reason.Should().Contain("stack");
        // Each list goes into the next one, so the stack stays flat while the object grows deep.
        List<byte> deep = [(byte)']', .. PickleBytes(p => p.Tensor("FloatStorage", "0", 1, 0, [1], [1])), (byte)'a'];
        for (int i = 0; i < 100_000; i++)
            deep.Add(0x85);
        Refuse(new PickleWriter().Op([.. deep]).Stop(), new byte[4]).Reason.Should().Contain("deeper");
    }

    private static byte[] PickleBytes(Action<PickleWriter> write)
    {
        PickleWriter pickle = new();
        write(pickle);
        return pickle.Stop()[2..^1];
    }

    [Fact]
    public void TorchCheckpoint_ContainersThatRepeat_AreRefused()
    {
        PickleWriter laughs = new();
        laughs.Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op((byte)'q', 0);
        for (byte i = 1; i < 30; i++)
            laughs.Op('(').Op((byte)'h', (byte)(i - 1)).Op((byte)'h', (byte)(i - 1))
                .Op('t').Op((byte)'q', i).Op('0').Op((byte)'h', i);
        laughs.Op((byte)'q', 99);
        byte[] pickle = new PickleWriter().Op('(').Op(laughs.Stop()[2..^1]).Op('1').Op((byte)'h', 99).Stop();
        Refuse(pickle, new byte[4]).Reason.Should().Contain("repeat");

        byte[] cycle = new PickleWriter().Op(']').Op((byte)'q', 0).Op((byte)'h', 0).Op('a').Stop();
        Refuse(cycle).Reason.Should().Contain("deeper");
    }

    [Fact]
    public void TorchCheckpoint_SizesThatLie_AreRefusedWithoutAllocation()
    {
        Refuse(new PickleWriter().Op((byte)'X', 0xff, 0xff, 0xff, 0x7f).Stop()).Reason.Should().Contain("does not fit");
        Refuse(new PickleWriter(4).Op(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80).Stop()).Reason.Should().Contain("does not fit");
        Refuse(new PickleWriter().Op((byte)'B', 0xff, 0xff, 0xff, 0xff).Stop()).Reason.Should().Contain("does not fit");
        Refuse(new PickleWriter().Op('N').Op((byte)'r', 0xff, 0xff, 0xff, 0xff).Op((byte)'h', 1).Stop()).Reason.Should()
            .Contain("memo");
        Refuse(new PickleWriter().Op(0x8a, 200).Op(new byte[100]).Stop()).Reason.Should().Contain("ends early");
        Refuse(new PickleWriter().Op(0x82, 1).Stop()).Reason.Should().Contain("opcode 0x82");
        Refuse(new PickleWriter().Op('R').Stop()).Reason.Should().Contain("empty");
        Refuse(new PickleWriter().Op('t').Stop()).Reason.Should().Contain("mark");
        Refuse([0x80, 2, (byte)'N']).Reason.Should().Contain("ends early");
        Refuse([0x80, 9, (byte)'N', (byte)'.']).Reason.Should().Contain("protocol 9");
    }

    [Theory]
    [InlineData(4, 0, new long[] { 5 }, new long[] { 1 })]
    [InlineData(4, 1, new long[] { 4 }, new long[] { 1 })]
    [InlineData(4, 5, new long[] { 0 }, new long[] { 1 })]
    [InlineData(4, -1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 })]
    [InlineData(4, 0, new long[] { 2 }, new long[] { -1 })]
    [InlineData(4, 0, new long[] { -2 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 2 })]
    [InlineData(4, 0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(4, 0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 })]
    [InlineData(4, 0, new long[] { 1L << 40 }, new long[] { 0 })]
    [InlineData(5, 0, new long[] { 4 }, new long[] { 1 })]
    [InlineData(3, 0, new long[] { 3 }, new long[] { 1 })]
    [InlineData(-1, 0, new long[] { 0 }, new long[] { 1 })]
    [InlineData(long.MaxValue, 0, new long[] { 4 }, new long[] { 1 })]
    public void TorchCheckpoint_TensorOutsideOfItsStorage_IsRefused(
        long count, long offset, long[] size, long[] stride) =>
        Refuse(PickleWriter.Dict("t", p => p.Tensor("FloatStorage", "0", count, offset, size, stride)), new byte[16]);

    [Fact]
    public void TorchCheckpoint_SameNameTwice_IsRefused()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(');
        for (int i = 0; i < 2; i++)
            pickle.Text("t").Tensor("FloatStorage", "0", 4, 0, [4], [1]);
        Refuse(pickle.Op('u').Stop(), new byte[16]).Reason.Should().Contain("twice");
    }
}
