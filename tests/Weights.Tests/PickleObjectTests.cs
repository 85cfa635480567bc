using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>Objects of classes in a pickle: nothing of them is made, and the user is told which they are.</summary>
public sealed class PickleObjectTests : IDisposable
{
    private static readonly byte[] Storage = new byte[16];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>As torch.save writes it: weights under "w", and what a test adds.</summary>
    private TorchCheckpoint Beside(string key, Action<PickleWriter> write, byte protocol = 2)
    {
        PickleWriter pickle = new(protocol);
        pickle.Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Text(key);
        write(pickle);
        return new TorchCheckpoint(folder.Write("m.bin", ZipWriter.Torch(pickle.Op('u').Stop(), Storage)));
    }

    /// <summary>The opcodes with which Python's pickle writes them in protocol 2, and NEWOBJ_EX of protocol 4.</summary>
    public static TheoryData<string, string, Action<object>> Objects => new()
    {
        { "NumPy scalar", "numpy.core.multiarray.scalar", Write(p => p.Global("numpy.core.multiarray", "scalar")
            .Global("numpy", "dtype").Text("f8").Op(0x89).Op(0x88).Op(0x87).Op('R')
            .Op('(').Int(3).Text("<").Op('N').Op('t').Op('b')
            .Global("_codecs", "encode").Text("12345678").Text("latin1").Op(0x86).Op('R').Op(0x86).Op('R')) },
        { "NumPy array", "numpy.ndarray", Write(p => p.Global("numpy._core.multiarray", "_reconstruct")
            .Global("numpy", "ndarray").Ints(0).Text("b").Op(0x87).Op('R')
            .Op('(').Int(1).Ints(0).Op('N').Op(0x89).Text("").Op('t').Op('b')) },
        { "Namespace", "argparse.Namespace", Write(p => p.Global("argparse", "Namespace").Op(')').Op(0x81)
            .Op('}').Text("lr").Int(1).Op('s').Op('b')) },
        { "datetime", "datetime.datetime", Write(p => p.Global("datetime", "datetime").Global("_codecs", "encode")
            .Text("0123456789").Text("latin1").Op(0x86).Op('R').Op(0x85).Op('R')) },
        { "Enum", "train.Mode", Write(p => p.Global("train", "Mode").Int(2).Op(0x85).Op('R')) },
        { "Enum by its name", "train.Mode.FAST", Write(p => p.Global("__builtin__", "getattr").Global("train", "Mode")
            .Text("FAST").Op(0x86).Op('R')) },
        { "class", "train.Config", Write(p => p.Global("train", "Config")) },
        { "function with arguments by name", "functools.partial", Write(p => p.Global("functools", "partial")
            .Global("__builtin__", "getattr").Global("train", "New").Text("__new__").Op(0x86).Op('R').Op(0x85).Op('R')
            .Op(')').Op('R')) },
        { "Enum in a class", "train.Config.Mode", Write(p => p.Global("__builtin__", "getattr").Global("train", "Config")
            .Text("Mode").Op(0x86).Op('R').Int(2).Op(0x85).Op('R')) },
        { "object of Python 2", "train.Old", Write(p => p.Global("copy_reg", "_reconstructor").Global("train", "Old")
            .Global("__builtin__", "object").Op('N').Op(0x87).Op('R')) },
        { "dictionary of a class", "pytorch_lightning.utilities.parsing.AttributeDict", Write(p => p
            .Global("pytorch_lightning.utilities.parsing", "AttributeDict").Op(')').Op(0x81).Text("a").Int(1).Op('s')) },
        { "list of a class", "train.Items", Write(p => p.Global("train", "Items").Op(')').Op(0x81).Int(1).Op('a')) },
        { "named arguments", "pathlib.PosixPath", Write(p => p.Global("pathlib", "PosixPath").Op(')').Op('}').Op(0x92)) },
        { "what a function returned", "functools.partial", Write(p => p.Global("functools", "partial").Global("train", "f")
            .Op(0x85).Op('R').Op(')').Op('R')) },
    };

    private static Action<object> Write(Action<PickleWriter> write) => pickle => write((PickleWriter)pickle);

    [Theory]
    [MemberData(nameof(Objects))]
    public void Object_BesideTheWeights_IsNamedAndTheWeightsAreRead(string what, string type, Action<object> write)
    {
        using TorchCheckpoint checkpoint = Beside("extra", write, protocol: 4);
        checkpoint.Tensors.Select(tensor => tensor.Name).Should().Equal(["w"], what);
        checkpoint.LeftOut.Should().Equal($"extra ({type})");
    }

    [Fact]
    public void PlainValues_BesideTheWeights_AreNotNamed()
    {
        using TorchCheckpoint checkpoint = Beside("plain", p => p.Op(']').Op('(')
            .Op(0x8a, 17).Op(new byte[17]).Op(0x8b, 0, 1, 0, 0).Op(new byte[256])         // long integers
            .Global("__builtin__", "int")
            .Global("__builtin__", "range").Ints(0, 5, 1).Op('R')
            .Global("torch", "device").Text("cuda").Op(0x85).Op('R')
            .Global("torch", "float32").Op('e'));
        checkpoint.LeftOut.Should().BeEmpty();
    }

    [Fact]
    public void Tensors_InContainersOfOtherKeysAndTypes_AreRead()
    {
        using TorchCheckpoint checkpoint = Beside("more", p =>
        {
            p.Op('}').Op('(').Ints(1, 2).Tensor("FloatStorage", "0", 4, 0, [2], [1]);     // a tuple as the key
            p.Text("type").Global("torch._tensor", "_rebuild_from_type_v2").Op('(')       // a parameter with attributes
                .Global("torch._utils", "_rebuild_tensor_v2").Global("torch.nn.parameter", "Parameter");
            p.Op('(').Storage("FloatStorage", "0", 4).Int(0).Ints(3).Ints(1).Op(0x88).Op('N').Op('t');
            p.Op('}').Op('t').Op('R');
            p.Op('u');
        });
        checkpoint.Tensors.Select(tensor => $"{tensor.Name} {tensor.ShapeText}").Should().Equal(
            "w [4]", "more/#0 [2]", "more/type [3]");
    }

    [Fact]
    public void Quantized_Tensor_IsListedByItsType()
    {
        using TorchCheckpoint checkpoint = Beside("q", p => p.Global("torch._utils", "_rebuild_qtensor").Op('(')
            .Storage("QInt8Storage", "0", 16).Int(0).Ints(4, 4).Ints(4, 1)
            .Op('(').Global("torch", "per_tensor_affine").Int(1).Int(0).Op('t').Op(0x89).Op('N').Op('t').Op('R'));
        checkpoint.Tensors[1].Should().BeEquivalentTo(
            new { Name = "q", Type = ElementType.Other, StoredType = "qint8", ShapeText = "[4, 4]" });
    }

    [Theory]
    [InlineData(true, false, "a whole model that torch.save wrote as an object of class net.Model")]
    [InlineData(true, true, "a whole model that torch.save wrote as an object of class net.Model")]
    [InlineData(false, false, "an object of class net.Model, and no weights")]
    public void Root_Object_IsRefusedByItsClass(bool isModule, bool isNested, string reason)
    {
        PickleWriter pickle = new();
        if (isNested)
            pickle.Op('}').Text("model");
        pickle.Global("net", "Model").Op(')').Op(0x81).Op('}').Op('(').Text("training").Op(0x88);
        if (isModule)
            pickle.Text("_parameters").Op('}').Text("p").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op('s')
                .Text("_modules").Op('}');
        pickle.Op('u').Op('b');
        if (isNested)
            pickle.Op('s');
        string path = folder.Write("m.bin", ZipWriter.Torch(pickle.Stop(), Storage));
        Refusal.Expect(path, () => new TorchCheckpoint(path).Dispose()).Reason.Should().Contain(reason);
    }

    [Fact]
    public void Root_ModelInTheOldContainer_IsRefusedByItsClass()
    {
        byte[] model = new PickleWriter().Op('(').Text("module").Global("net", "Model").Text("net.py").Text("class")
            .Op('t').Op('Q').Op(')').Op(0x81).Op('}').Text("_modules").Op('}').Op('s').Op('b').Stop();
        string path = folder.Write("m.pt",
        [
            0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
            .. new PickleWriter().Int(1001).Stop(), .. PickleWriter.Dict("little_endian", p => p.Op(0x88)), .. model,
        ]);
        Refusal.Expect(path, () => new TorchCheckpoint(path).Dispose())
            .Reason.Should().Contain("object of class net.Model");
    }

    [Fact]
    public void Object_AHundredThousandTimes_TakesNoMoreMemoryThanThePickleAllows()
    {
        List<byte> pickle = [0x80, 2, (byte)']', .. "cx\ny\n"u8, (byte)'q', 0, (byte)'0'];
        for (int batch = 0; batch < 100; batch++)
        {
            pickle.Add((byte)'(');
            for (int i = 0; i < 1000; i++)
                pickle.AddRange([(byte)'h', 0, (byte)')', 0x81]);
            pickle.Add((byte)'e');
        }
        pickle.Add((byte)'.');
        string path = folder.Write("m.bin", ZipWriter.Torch([.. pickle]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (TorchCheckpoint checkpoint = new(path))
        {
            checkpoint.LeftOut.Should().HaveCount(1001).And.StartWith("0 (x.y)");
            checkpoint.LeftOut[^1].Should().Be("99000 other objects");
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((32 << 20) + 64L * pickle.Count);
    }
}
