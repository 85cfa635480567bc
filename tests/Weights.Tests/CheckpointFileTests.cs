using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>Which kind a file is, and what to say of files that are not checkpoints, or not files at all.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private GauFormatException Refuse(byte[] content, string name = "model.safetensors")
    {
        string path = folder.Write(name, content);
        return Refusal.Expect(path, () => CheckpointFile.Open(path).Dispose());
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("\n <HTML lang=zh>", "HTML")]
    [InlineData("<?xml version=\"1.0\"?>", "XML")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "Git LFS")]
    [InlineData("model_checkpoint_path: \"bert_model.ckpt\"\n", "prefix")]
    [InlineData("{\"hidden_size\": 768}", "JSON")]
    [InlineData("Entry not found", "a text file, 'Entry not found'")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "the answer of a server")]
    [InlineData("/annex/objects/SHA256E-s1--0", "git-annex")]
    [InlineData("PAR1....", "Parquet")]
    [InlineData("Rar!....", "RAR")]
    [InlineData("[PAD]\n[UNK]\n今天\n", "text")]
    [InlineData("只是一些文字", "text file")]
    [InlineData("GGUF\u0003\0\0\0", "GGUF")]
    public void CheckpointFile_TextOfAnotherKind_IsNamed(string text, string name) =>
        Refuse(Encoding.UTF8.GetBytes(text)).Reason.Should().Contain(name);

    [Theory]
    [InlineData("1f8b080000000000", "gzip")]
    [InlineData("28b52ffd00", "zstd")]
    [InlineData("504b0506000000000000000000000000000000000000", "zip")]
    [InlineData("0000000000000000", "zero bytes")]
    [InlineData("934e554d5059", "NumPy")]
    [InlineData("080112b30a0a", "SavedModel")]
    [InlineData("83a6706172616d7383", "Flax")]
    [InlineData("de0010a9676175", "unknown binary")]
    [InlineData("de0010a36761757f", "Flax")]
    [InlineData("1201000000000000", "MXNet")]
    [InlineData("fffefdfcfbfa0102", "unknown binary")]
    public void CheckpointFile_BinaryOfAnotherKind_IsNamed(string hex, string name) =>
        Refuse(Convert.FromHexString(hex)).Reason.Should().Contain(name);

    [Fact]
    public void CheckpointFile_ZipThatIsNotTorch_IsRefused() =>
        Refuse(ZipWriter.Write(new ZipPart("word/document.xml", [1, 2, 3]))).Reason.Should().Contain("no data.pkl");

    [Theory]
    [InlineData("metadata.json config.json model.weights.h5", "a .keras file of Keras 3")]
    [InlineData("m/data.pkl m/constants.pkl m/code/__torch__/net.py", "a TorchScript archive")]
    [InlineData("[Content_Types].xml xl/workbook.xml", "an office document")]
    [InlineData("a.npy b.npy", "NumPy arrays (.npz)")]
    [InlineData("model/config.json model/pytorch_model.bin", "'model/pytorch_model.bin' among them: unpack it")]
    [InlineData("META-INF/MANIFEST.MF a.class", "a Java archive")]
    public void CheckpointFile_ZipOfAnotherKind_IsNamed(string members, string name)
    {
        foreach (ushort method in (ushort[])[0, 8])
            Refuse(ZipWriter.Write([.. members.Split(' ').Select(member => new ZipPart(member, [1]) { Method = method })]))
                .Reason.Should().Contain(name);
    }

    [Theory]
    [InlineData("weights.pdparams", "80047d942e", "PaddlePaddle weights")]
    [InlineData("weights", "80047d942e", "not torch's")]
    [InlineData("weights", "80047d945806000000706164646c652e", "PaddlePaddle weights")]
    [InlineData("weights.pdiparams", "00000000000000000000", "PaddlePaddle")]
    [InlineData("bert_model.ckpt.meta", "0a9f010a06080112", "the graph of a TensorFlow checkpoint")]
    [InlineData("bert_model.ckpt.index", "00000a0b0c0dff", "the index of a TensorFlow checkpoint without its end")]
    public void CheckpointFile_NameAndBytesOfAnotherKind_AreNamed(string file, string hex, string name) =>
        Refuse(Convert.FromHexString(hex), file).Reason.Should().Contain(name);

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(4096)]
    public void CheckpointFile_Hdf5AtEveryAllowedOffset_IsKerasAndLeftToTheConverter(int offset)
    {
        byte[] content = new byte[offset + 64];
        byte[] signature = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];
        signature.CopyTo(content, offset);
        CheckpointFile.Detect(folder.Write("weights", content)).Should().Be(CheckpointKind.Keras);
        Refuse(content).Reason.Should().Contain("HDF5");
    }

    /// <summary>
    /// Every length of a header modulo 65,536, and the lengths whose higher bytes spell an opcode, a zip archive or the
    /// rest of an HDF5 signature.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(0x28)]
    [InlineData(0x58)]
    [InlineData(0x0403)]
    [InlineData(0x4644)]
    public void KindOf_SafetensorsOfEveryHeaderLength_IsSafetensors(int high)
    {
        Span<byte> start = stackalloc byte[9];
        start[8] = (byte)'{';
        for (long low = 0; low < 65_536; low++)
        {
            long header = ((long)high << 16) + low;
            BinaryPrimitives.WriteInt64LittleEndian(start, header);
            if (CheckpointFile.KindOf(start, 8 + Math.Max(header, 1)) != CheckpointKind.Safetensors)
                Assert.Fail($"a header of {header} bytes");
        }
    }

    [Theory]
    [InlineData(640)]
    [InlineData(896)]
    [InlineData(1152)]
    [InlineData(1408)]
    public void Open_HeaderLengthThatBeginsLikeAPickle_IsRead(int header)
    {
        byte[] file = new byte[8 + header];
        BinaryPrimitives.WriteInt64LittleEndian(file, header);
        file.AsSpan(8).Fill((byte)' ');
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8.CopyTo(file.AsSpan(8));
        using ICheckpoint checkpoint = CheckpointFile.Open(folder.Write("model", file));
        checkpoint.Kind.Should().Be(CheckpointKind.Safetensors);
        checkpoint.Tensors.Single().Name.Should().Be("x");
        Refuse(file[..^1]).Reason.Should().Contain("beyond the end of the file");
    }

    [Theory]
    [InlineData("80028a0a6cfc9c46f9206aa850192e", CheckpointKind.Torch)]
    [InlineData("80027d71002e", CheckpointKind.Torch)]
    [InlineData("8002", CheckpointKind.Torch)]
    [InlineData("800595", CheckpointKind.Torch)]
    [InlineData("504b03040000080800000000", CheckpointKind.Torch)]
    [InlineData("894844460d0a1a0a00", CheckpointKind.Keras)]
    [InlineData("800200000000000000", null)]
    [InlineData("80067d", null)]
    [InlineData("8002ff", null)]
    public void KindOf_MarksOfOtherKinds_AreTheirs(string hex, CheckpointKind? kind) =>
        CheckpointFile.KindOf(Convert.FromHexString(hex), 1 << 20).Should().Be(kind);

    [Fact]
    public void CheckpointFile_WrongExtension_IsDetectedByContent()
    {
        foreach ((string name, CheckpointKind kind) in ((string, CheckpointKind)[])
            [("model.safetensors", CheckpointKind.Safetensors), ("pytorch_model.bin", CheckpointKind.Torch),
             ("pytorch_model.legacy.bin", CheckpointKind.Torch), ("bert_model.ckpt.index", CheckpointKind.TensorFlow)])
        {
            string path = folder.Write("weights.h5", File.ReadAllBytes(Fixtures.Path("gau-tiny", name)));
            using ICheckpoint checkpoint = CheckpointFile.Open(path);
            checkpoint.Kind.Should().Be(kind);
            checkpoint.Path.Should().Be(path);
        }
    }

    [Fact]
    public void CheckpointFile_EmptyAndTinyFiles_AreRefused()
    {
        foreach (int length in (int[])[0, 1, 7, 8])
            Refuse(new byte[length]);
        Refuse([]).Reason.Should().Contain("empty");
        Refuse([0x80, 2]).Reason.Should().Contain("ends early");
        Refuse([0x80]).Reason.Should().Contain("unknown");
        Refuse("PK\u0003\u0004"u8.ToArray()).Reason.Should().Contain("central directory");
    }

    [Fact]
    public void CheckpointFile_NoRegularFile_IsRefusedWithoutWaiting()
    {
        string fifo = folder.Path("fifo"), loop = folder.Path("loop"), link = folder.Path("link");
        mkfifo(fifo, 0x180).Should().Be(0);
        File.CreateSymbolicLink(loop, loop);
        File.CreateSymbolicLink(link, fifo);
        foreach (string path in (string[])[fifo, link, "/dev/zero", "/dev/null", folder.Path(".")])
            Opening(path).Should().BeOfType<GauFormatException>(path);
        foreach (string path in (string[])[loop, folder.Path("missing"), folder.Path("missing/deeper"), "", "a\0b"])
            Opening(path).Should().BeAssignableTo<IOException>(path);
    }

    private static Exception? Opening(string path)
    {
        Task<Exception?> opening = Task.Run(() => Record.Exception(() => CheckpointFile.Open(path).Dispose()));
        opening.Wait(ChildProcess.Patience).Should().BeTrue($"{path} must not block");
        return opening.Result;
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [Theory]
    [InlineData("模型.safetensors")]
    [InlineData("two\nlines")]
    [InlineData("$(touch canary)")]
    [InlineData(" -rf")]
    public void CheckpointFile_OddNames_AreOpenedAndPrintedOnOneLine(string name)
    {
        string path = folder.Write(name, File.ReadAllBytes(Fixtures.Path("gau-tiny", "model.safetensors")));
        using (ICheckpoint checkpoint = CheckpointFile.Open(path))
            checkpoint.Tensors.Should().NotBeEmpty();
        Refuse("text"u8.ToArray(), name).Message.Should().NotContain("\n");
    }

    [Fact]
    public void CheckpointFile_SymbolicLink_IsFollowed()
    {
        File.CreateSymbolicLink(folder.Path("link"), Fixtures.Path("gau-tiny", "model.safetensors"));
        using ICheckpoint checkpoint = CheckpointFile.Open(folder.Path("link"));
        checkpoint.Tensors.Should().HaveCount(14);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("pytorch_model.bin")]
    [InlineData("bert_model.ckpt.data-00000-of-00001")]
    public void CheckpointFile_TruncatedWhileOpen_IsReportedWhenRead(string name)
    {
        if (name.StartsWith("bert", StringComparison.Ordinal))
            folder.Write(
                "bert_model.ckpt.index", File.ReadAllBytes(Fixtures.Path("gau-tiny", "bert_model.ckpt.index")));
        string path = folder.Write(name, File.ReadAllBytes(Fixtures.Path("gau-tiny", name)));
        using ICheckpoint checkpoint = CheckpointFile.Open(path);
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(3);
        TensorEntry last = checkpoint.Tensors[^1];
        checkpoint.Invoking(c => c.Read(last, new byte[last.ByteLength])).Should().Throw<GauFormatException>();
    }
}
