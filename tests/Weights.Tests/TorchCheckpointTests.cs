using System.Runtime.InteropServices;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class TorchCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static byte[] Counting(int count) => Floats([.. Enumerable.Range(0, count).Select(i => (float)i)]);

    private TorchCheckpoint Open(byte[] file) => new(folder.Write("checkpoint.bin", file));

    private static float[] Read(TorchCheckpoint checkpoint, string name)
    {
        TensorEntry tensor = checkpoint.Tensors.Single(entry => entry.Name == name);
        float[] values = new float[tensor.ElementCount];
        checkpoint.Read(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    [Theory]
    [InlineData(new long[0], new long[0], 5, new float[] { 5 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, 0, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 2 }, 0, new float[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 0, 1 }, 4, new float[] { 4, 5, 6, 4, 5, 6 })]
    [InlineData(new long[] { 3 }, new long[] { 0 }, 7, new float[] { 7, 7, 7 })]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 6, 1, 3 }, 1, new float[] { 1, 4, 2, 5, 7, 10, 8, 11 })]
    [InlineData(new long[] { 2, 2, 2 }, new long[] { 6, 2, 1 }, 0, new float[] { 0, 1, 2, 3, 6, 7, 8, 9 })]
    [InlineData(new long[] { 1, 4, 1 }, new long[] { 99, 1, 99 }, 2, new float[] { 2, 3, 4, 5 })]
    [InlineData(new long[] { 3, 1 }, new long[] { 4, 77 }, 1, new float[] { 1, 5, 9 })]
    [InlineData(new long[] { 0, 4 }, new long[] { 4, 1 }, 0, new float[0])]
    public void TorchCheckpoint_AnyStrides_AreGatheredRowMajor(
        long[] size, long[] stride, long offset, float[] expected)
    {
        byte[] pickle = PickleWriter.Dict("t", p => p.Tensor("FloatStorage", "0", 12, offset, size, stride));
        using TorchCheckpoint checkpoint = Open(ZipWriter.Torch(pickle, Counting(12)));
        checkpoint.Tensors.Single().Shape.Should().Equal(size);
        Read(checkpoint, "t").Should().Equal(expected);
    }

    [Theory]
    [InlineData("DoubleStorage", ElementType.Float64, 8)]
    [InlineData("FloatStorage", ElementType.Float32, 4)]
    [InlineData("HalfStorage", ElementType.Float16, 2)]
    [InlineData("BFloat16Storage", ElementType.BFloat16, 2)]
    [InlineData("LongStorage", ElementType.Int64, 8)]
    [InlineData("IntStorage", ElementType.Int32, 4)]
    [InlineData("ShortStorage", ElementType.Int16, 2)]
    [InlineData("CharStorage", ElementType.Int8, 1)]
    [InlineData("ByteStorage", ElementType.UInt8, 1)]
    [InlineData("BoolStorage", ElementType.Bool, 1)]
    [InlineData("ComplexFloatStorage", ElementType.Complex64, 8)]
    [InlineData("ComplexDoubleStorage", ElementType.Complex128, 16)]
    public void TorchCheckpoint_EveryType_IsTransposedByWholeElements(string storage, ElementType type, int width)
    {
        byte[] data = [.. Enumerable.Range(0, 4 * width).Select(i => (byte)i)];
        byte[] pickle = PickleWriter.Dict("t", p => p.Tensor(storage, "0", 4, 0, [2, 2], [1, 2]));
        using TorchCheckpoint checkpoint = Open(ZipWriter.Torch(pickle, data));
        checkpoint.Tensors.Single().Type.Should().Be(type);
        byte[] read = new byte[data.Length];
        checkpoint.Read(checkpoint.Tensors[0], read);
        byte[][] elements = [.. data.Chunk(width)];
        read.Should().Equal([.. elements[0], .. elements[2], .. elements[1], .. elements[3]]);
    }

    [Fact]
    public void TorchCheckpoint_NestedObject_NamesTensorsByPathAndSkipsTheRest()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Op('(');
        pickle.Text("epoch").Int(3);
        pickle.Text("state_dict").Op('}').Text("a.weight").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op('s');
        pickle.Text("optimizer").Op('}').Int(7).Op(']').Op('(').Op('N')
            .Tensor("FloatStorage", "0", 4, 1, [2], [1]).Op('e').Op('s');
        pickle.Text("lr").Op('G').Op(0x3f, 0xf0, 0, 0, 0, 0, 0, 0);
        byte[] file = ZipWriter.Torch(pickle.Op('u').Stop(), Counting(4));
        using TorchCheckpoint checkpoint = Open(file);
        checkpoint.Tensors.Select(tensor => tensor.Name).Should().Equal("state_dict/a.weight", "optimizer/7/1");
        Read(checkpoint, "optimizer/7/1").Should().Equal(1, 2);
    }

    [Fact]
    public void TorchCheckpoint_Protocol4WithUntypedStorage_IsRead()
    {
        PickleWriter pickle = new(4);
        static PickleWriter Short(PickleWriter p, string text) =>
            p.Op(0x8c, (byte)text.Length).Op(System.Text.Encoding.UTF8.GetBytes(text));
        pickle.Op(0x95, 0, 0, 0, 0, 0, 0, 0, 0).Op('}').Op(0x94);
        Short(pickle, "u").Op(0x94);
        Short(Short(pickle, "torch._utils"), "_rebuild_tensor_v3").Op(0x93).Op('(');
        pickle.Storage("UntypedStorage", "0", 6, "torch.storage").Int(1).Ints(2).Ints(1).Op(0x89).Op('N')
            .Global("torch", "uint16").Op('t').Op('R').Op('s');
        using TorchCheckpoint checkpoint = Open(ZipWriter.Torch(pickle.Stop(), [1, 0, 2, 0, 3, 0]));
        byte[] read = new byte[4];
        checkpoint.Read(checkpoint.Tensors.Single(), read);
        checkpoint.Tensors[0].Type.Should().Be(ElementType.UInt16);
        read.Should().Equal(2, 0, 3, 0);
    }

    [Fact]
    public void TorchCheckpoint_Python2StateDictWithMetadata_IsRead()
    {
        PickleWriter pickle = new();
        pickle.Global("collections", "OrderedDict").Op(']').Op('(').Op(']').Op('(').Op((byte)'U', 1, (byte)'w');
        pickle.Global("torch._utils", "_rebuild_tensor").Op('(').Storage("FloatStorage", "0", 4, "torch.cuda");
        pickle.Line('I', "1").Ints(3).Ints(1).Op('t').Op('R').Op('e').Op('e').Op(0x85).Op('R');
        pickle.Op('}').Text("_metadata").Op('}').Op('s').Op('b');
        using TorchCheckpoint checkpoint = Open(ZipWriter.Torch(pickle.Stop(), Counting(4)));
        Read(checkpoint, "w").Should().Equal(1, 2, 3);
    }

    [Fact]
    public void TorchCheckpoint_DamagedStorage_IsReportedWhenReadEveryTime()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("gau-tiny", "pytorch_model.bin"));
        file[170_000] ^= 1;
        using TorchCheckpoint checkpoint = Open(file);
        TensorEntry damaged = checkpoint.Tensors.Single(
            tensor => tensor.Name.EndsWith("layer.0.gau.i_dense.weight", StringComparison.Ordinal));
        for (int i = 0; i < 2; i++)
            checkpoint.Invoking(c => c.Read(damaged, new byte[damaged.ByteLength]))
                .Should().Throw<GauFormatException>().Which.Reason.Should().Contain("checksum");
    }

    [Fact]
    public void TorchCheckpoint_StorageView_IsReadFromItsRoot()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Text("v").Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        pickle.Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(8);
        pickle.Op('(').Text("view").Int(3).Int(4).Op('t').Op('t').Op('Q');
        pickle.Int(1).Ints(3).Ints(1).Op(0x89).Op('N').Op('t').Op('R').Op('s');
        using TorchCheckpoint checkpoint = Open(ZipWriter.Torch(pickle.Stop(), Counting(8)));
        Read(checkpoint, "v").Should().Equal(4, 5, 6);
    }
}
