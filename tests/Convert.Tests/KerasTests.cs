using System.Buffers.Binary;
using GauRuntime.Convert.Keras;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;
using PureHDF;

namespace GauRuntime.Convert.Tests;

public sealed class KerasTests
{
    private const string Config =
        """
        {"vocab_size":8,"hidden_size":4,"intermediate_size":6,"attention_key_size":2,"num_hidden_layers":1,
         "num_attention_heads":1,"hidden_act":"swish"}
        """;

    public static TheoryData<string> GoodFiles =>
    [
        Fixtures.Gau("mlm.weights.h5"), Fixtures.Gau("mlm.oldorder.weights.h5"), Fixtures.RoFormer("mlm.weights.h5"),
        Fixtures.Gau("head-seq/classifier.weights.h5"), Fixtures.Path("hdf5", "plain.h5"),
        Fixtures.Path("hdf5", "prefix.h5"),
        Fixtures.Path("hdf5", "variable-strings.h5"), Fixtures.Path("hdf5", "split-attributes.h5"),
        Fixtures.Path("hdf5", "latest-format.h5"),
        Fixtures.Path("hdf5", "utf8-name.h5"), Fixtures.Path("hdf5", "utf8-name-dense.h5"),
        Fixtures.Path("hdf5", "utf8-name-deep.h5"),
    ];

    [Theory]
    [MemberData(nameof(GoodFiles))]
    public void Read_EveryWeight_EqualsPureHdf(string path)
    {
        using KerasCheckpoint checkpoint = KerasCheckpoint.Open(path);
        using FileStream stream = File.OpenRead(path);
        using IDisposable oracle = H5File.Open(stream);
        checkpoint.Tensors.Should().NotBeEmpty();
        foreach (TensorEntry tensor in checkpoint.Tensors)
        {
            byte[] found = new byte[tensor.ByteLength];
            checkpoint.Read(tensor, found);
            IH5Dataset dataset = ((IH5Group)oracle).Dataset(tensor.Name.Replace(" :: ", "/", StringComparison.Ordinal));
            float[] expected = dataset.Read<float[]>();
            tensor.Shape.Select(dimension => (ulong)dimension).Should().Equal(dataset.Space.Dimensions);
            float[] values = new float[expected.Length];
            Elements.ToSingle(tensor.Type, found, values);
            values.Should().Equal(expected);
        }
    }

    [Theory]
    [InlineData("prefix.h5", "cls")]
    [InlineData("variable-strings.h5", "cls")]
    [InlineData("split-attributes.h5", "cls")]
    [InlineData("latest-format.h5", "cls")]
    [InlineData("utf8-name.h5", "分类")]
    [InlineData("utf8-name-dense.h5", "分类")]
    [InlineData("utf8-name-deep.h5", "分类")]
    public void Convert_EveryForm_SameHash(string name, string head)
    {
        using TemporaryFolder folder = new();
        string[] more = Beside(folder);
        more = [.. more, "--head-activation", "relu"];
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Path("hdf5", "plain.h5"), more);
        ToolResult result = Tool.Run([Fixtures.Path("hdf5", name), "-o", folder.Path("m"), .. more]);
        result.Error.Should().Contain($"from layer pooler and {head}");
        using ModelFileReader found = ModelFileReader.Open(folder.Path("m"));
        found.Hash.Should().Be(expected.Hash);
    }

    [Theory]
    [InlineData("bad-external-link.h5", "a link to another file")]
    [InlineData("bad-soft-loop.h5", "a soft link")]
    [InlineData("bad-virtual.h5", "other files are not opened")]
    [InlineData("bad-external-storage.h5", "other files are not opened")]
    [InlineData("bad-gzip-bomb.h5", "compressed or filtered")]
    [InlineData("bad-chunked.h5", "in chunks")]
    [InlineData("bad-never-written.h5", "never written")]
    [InlineData("bad-missing-weight.h5", "missing")]
    [InlineData("bad-keras3.weights.h5", "layout of Keras 3")]
    [InlineData("bad-not-keras.h5", "not written by Keras")]
    public void Inspect_BadFile_IsRefusedWithReason(string name, string reason)
    {
        ToolResult result = Tool.Run("inspect", Fixtures.Path("hdf5", name), "--json");
        result.Code.Should().Be(65);
        result.ErrorJson.GetProperty("error").GetString().Should().Contain(reason);
        result.ErrorJson.GetProperty("file").GetString().Should().Be(Fixtures.Path("hdf5", name));
        result.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("bad-big-endian.h5", "hdf5 class 1, 4 bytes")]
    [InlineData("bad-integers.h5", "int32")]
    public void Convert_WeightsOfAnotherType_ListedButRefused(string name, string type)
    {
        Tool.Run("inspect", Fixtures.Path("hdf5", name), "--stats").Output.Should().Contain(type);
        using TemporaryFolder folder = new();
        ToolResult result = Tool.Run(
            [Fixtures.Path("hdf5", name), "-o", folder.Path("m"), .. Beside(folder), "--head-activation", "tanh"]);
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"cls :: cls/kernel:0: the elements are {type}, not floating-point numbers");
    }

    [Fact]
    public void Open_TreeLeadsBackToItself_IsRefused()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("hdf5", "plain.h5"));
        int tree = file.AsSpan().IndexOf("TREE"u8);
        file[tree + 5] = 255;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(tree + 6), 1);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(tree + 32), tree);
        Refusal(file).Should().Contain("B-tree level 255 below level 255");
    }

    [Fact]
    public void Open_TreeOfSharedChildren_EndsWithItsBudget()
    {
        // 40 levels whose two children are the same node: 2⁴⁰ visits without a bound.
        byte[] file = File.ReadAllBytes(Fixtures.Path("hdf5", "plain.h5"));
        int tree = file.AsSpan().IndexOf("TREE"u8);
        int extra = file.Length;
        Array.Resize(ref file, file.Length + 40 * 64);
        for (int level = 0; level < 40; level++)
        {
            Span<byte> node = file.AsSpan(extra + level * 64);
            "TREE"u8.CopyTo(node);
            node[5] = (byte)level;
            node[6] = 2;
            int child = level == 0 ? tree : extra + (level - 1) * 64;
            BinaryPrimitives.WriteInt64LittleEndian(node[32..], child);
            BinaryPrimitives.WriteInt64LittleEndian(node[48..], child);
        }
        file[extra + 6] = 0;
        int table = FindAddress(file, tree);
        while (table >= 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(table), extra + 39 * 64);
            table = FindAddress(file, tree, table + 8, extra);
        }
        Refusal(file).Should().Contain("the structure never ends");
    }

    [Fact]
    public void Open_HeaderContinuesInItself_IsRefused()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Gau("head-seq/classifier.model.h5"));
        long root = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(64));
        Span<byte> header = file.AsSpan((int)root);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], ushort.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 0x10);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], root + 16);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], 24);
        Refusal(file).Should().NotBeEmpty();
    }

    [Fact]
    public void Open_HugeAttribute_IsRefusedWithoutAllocation()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("hdf5", "plain.h5"));
        int name = file.AsSpan().IndexOf("layer_names\0"u8);
        // Name padded to 16, datatype to 8, then the dataspace: version, rank, flags, 5 reserved, dimension.
        int dimension = name + 16 + 8 + 8;
        BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(dimension)).Should().Be(6);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(dimension), 1L << 40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file).Should().Contain("should hold 1099511627776 strings");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4 << 20);
    }

    [Fact]
    public void Open_WeightBeyondTheFile_IsRefused()
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("hdf5", "plain.h5"));
        for (int cut = 0; cut < file.Length; cut += 509)
            Refusal(file[..cut]).Should().NotBeEmpty($"the file is cut at {cut}");
    }

    [Theory]
    [InlineData("plain.h5")]
    [InlineData("latest-format.h5")]
    [InlineData("utf8-name-dense.h5")]
    [InlineData("variable-strings.h5")]
    public void Open_ChangedBytes_ReadsOrRefuses(string name)
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path("hdf5", name));
        Random random = new(7);
        using TemporaryFolder folder = new();
        for (int trial = 0; trial < 400; trial++)
        {
            byte[] changed = [.. file];
            for (int i = 0; i <= trial % 3; i++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (trial % 5 == 0)
                changed.AsSpan(random.Next(changed.Length - 8), 8).Fill(0xff);
            string path = folder.Write("x.h5", changed);
            Action open = () =>
            {
                using KerasCheckpoint checkpoint = KerasCheckpoint.Open(path);
                foreach (TensorEntry tensor in checkpoint.Tensors)
                    if (Elements.Width(tensor.Type) > 0)
                        checkpoint.Read(tensor, new byte[tensor.ByteLength]);
            };
            try
            {
                open();
            }
            catch (GauFormatException fault)
            {
                fault.Message.Should().NotContain("\n");
            }
        }
    }

    private static string[] Beside(TemporaryFolder folder) =>
    [
        "--config", folder.Write("config.json", Config), "--vocab", folder.Write("vocab.txt", Safetensors.Vocabulary),
    ];

    private static string Refusal(byte[] content)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.h5", content);
        Action open = () => KerasCheckpoint.Open(path).Dispose();
        return open.Should().Throw<GauFormatException>().Which.Reason;
    }

    private static int FindAddress(byte[] file, long address, int from = 0, int to = int.MaxValue)
    {
        Span<byte> wanted = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(wanted, address);
        int found = file.AsSpan(from, Math.Min(to, file.Length) - from).IndexOf(wanted);
        return found < 0 ? -1 : from + found;
    }
}
