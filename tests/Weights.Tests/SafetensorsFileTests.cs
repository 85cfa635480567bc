using System.Buffers.Binary;
using System.Text;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] File(string json, int dataLength) =>
        File((ulong)Encoding.UTF8.GetByteCount(json), Encoding.UTF8.GetBytes(json), dataLength);

    private static byte[] File(ulong claimed, byte[] json, int dataLength)
    {
        byte[] file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimed);
        json.CopyTo(file, 8);
        return file;
    }

    private GauFormatException Refuse(byte[] file)
    {
        string path = folder.Write("hostile.safetensors", file);
        return Refusal.Expect(path, () => SafetensorsFile.Open(path).Dispose());
    }

    [Fact]
    public void SafetensorsFile_Fixture_ListsNamesShapesAndMetadata()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Fixtures.Path("gau-tiny", "model.safetensors"));
        file.Metadata.Should().Contain("format", "pt");
        file.Tensors.Should().HaveCount(14);
        file.Find("gau_alpha.encoder.layer.0.gau.i_dense.weight")!.Shape.Should().Equal(288, 64);
        file.Tensors.Sum(tensor => tensor.ByteLength).Should().Be(371968);
    }

    [Fact]
    public unsafe void SafetensorsFile_OpenedFromMemory_EqualsOpenedFromDisk()
    {
        string path = Fixtures.Path("gau-tiny", "model.safetensors");
        byte[] bytes = System.IO.File.ReadAllBytes(path);
        fixed (byte* data = bytes)
        {
            using SafetensorsFile inMemory = SafetensorsFile.Open(data, bytes.Length, "embedded");
            using SafetensorsFile onDisk = SafetensorsFile.Open(path);
            inMemory.Path.Should().Be("embedded");
            foreach (TensorEntry tensor in onDisk.Tensors)
            {
                TensorEntry same = inMemory.Find(tensor.Name)!;
                inMemory.Span(same).SequenceEqual(onDisk.Span(tensor)).Should().BeTrue();
                (inMemory.Data(same) - data).Should().Be(inMemory.DataOffset(same));
            }
        }
    }

    [Fact]
    public void SafetensorsFile_TensorOfAnotherFile_IsRefused()
    {
        using SafetensorsFile one = SafetensorsFile.Open(Fixtures.Path("gau-tiny", "model.safetensors"));
        using SafetensorsFile two = SafetensorsFile.Open(Fixtures.Path("gau-tiny", "model.safetensors"));
        one.Invoking(file => file.DataOffset(two.Tensors[0])).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    public void SafetensorsFile_TooShort_IsRefused(int length) =>
        Refuse(new byte[length]).Place.Should().StartWith("offset");

    [Theory]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(100_000_000UL)]
    [InlineData(3UL)]
    [InlineData(0UL)]
    public void SafetensorsFile_HeaderLengthLies_IsRefused(ulong claimed) =>
        Refuse(File(claimed, "{}"u8.ToArray(), 0)).Place.Should().StartWith("offset");

    [Fact]
    public void SafetensorsFile_TruncatedAnywhereThatMatters_IsRefused()
    {
        byte[] whole = System.IO.File.ReadAllBytes(Fixtures.Path("gau-tiny", "model.safetensors"));
        int dataStart = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        List<int> cuts = [.. Enumerable.Range(1, dataStart)];
        using (SafetensorsFile file = SafetensorsFile.Open(Fixtures.Path("gau-tiny", "model.safetensors")))
            foreach (TensorEntry tensor in file.Tensors)
                cuts.AddRange([(int)file.DataOffset(tensor), (int)(file.DataOffset(tensor) + tensor.ByteLength - 1)]);
        foreach (int cut in cuts)
            Cut(whole, cut).Should().Throw<GauFormatException>($"cut at {cut}");
    }

    private static unsafe Action Cut(byte[] whole, int length) => () =>
    {
        fixed (byte* data = whole)
            SafetensorsFile.Open(data, length, "cut").Dispose();
    };

    [Fact]
    public void SafetensorsFile_FlippedBits_NeverEscapeAsAnythingButAFormatFault()
    {
        byte[] whole = File(
            """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I8","shape":[5],"data_offsets":[24,29]}}""", 29);
        Random random = new(1);
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] flipped = [.. whole];
            int bit = random.Next(whole.Length * 8);
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Cut(flipped, flipped.Length)();
            }
            catch (GauFormatException)
            {
                refused++;
            }
        }
        refused.Should().BeInRange(5_000, 9_999);
    }

    [Theory]
    [InlineData("overflow", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4)]
    [InlineData("overflow", """{"a":{"dtype":"F32","shape":[9223372036854775807,2,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("overflow", """{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,8]}}""", 8)]
    [InlineData("whole numbers", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("whole numbers", """{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4)]
    [InlineData("whole numbers", """{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4)]
    [InlineData("whole numbers", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4)]
    [InlineData("overlaps", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("overlaps", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}}""", 7)]
    [InlineData("hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12)]
    [InlineData("hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("bytes of data", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4)]
    [InlineData("after the last", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5)]
    [InlineData("backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)]
    [InlineData("do not take", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("do not take", """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2)]
    [InlineData("twice", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}}""", 2)]
    [InlineData("twice", """{"__metadata__":{"a":"1","a":"2"}}""", 0)]
    [InlineData("repeated", """{"a":{"dtype":"I8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("unknown dtype", """{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("unknown", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1],"extra":[]}}""", 1)]
    [InlineData("needs", """{"a":{"dtype":"I8","shape":[1]}}""", 1)]
    [InlineData("needs", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[0]}}""", 1)]
    [InlineData("not a string", """{"__metadata__":{"a":1}}""", 0)]
    [InlineData("not an object", """{"__metadata__":[]}""", 0)]
    [InlineData("not an object", """{"a":[]}""", 0)]
    [InlineData("not valid JSON", """{"\ud800":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("not valid JSON", """{"a":{"dtype":"I8","shape":[[[1]]],"data_offsets":[0,1]}}""", 1)]
    [InlineData("not valid JSON", """{} {}""", 0)]
    [InlineData("not valid JSON", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1],}}""", 1)]
    [InlineData("not valid JSON", "{}\0", 0)]
    [InlineData("does not start", " {}", 0)]
    public void SafetensorsFile_HostileHeader_IsRefusedWithItsReason(string reason, string json, int dataLength) =>
        Refuse(File(json, dataLength)).Reason.Should().Contain(reason);

    [Fact]
    public void SafetensorsFile_DeepOrBlankOrBinaryHeader_IsRefused()
    {
        Refuse(File(new string('[', 10_000), 0));
        Refuse(File("{\"a\":{\"shape\":" + new string('[', 10_000), 0)).Reason.Should().Contain("not valid JSON");
        Refuse(File("{" + new string(' ', 1_000_000), 0)).Reason.Should().Contain("not valid JSON");
        Refuse(File(4, [(byte)'{', (byte)'"', 0xC3, (byte)'}'], 0)).Reason.Should().Contain("UTF-8");
        string ranks = string.Join(",", Enumerable.Repeat("1", 255));
        Refuse(File($$$"""{"a":{"dtype":"I8","shape":[{{{ranks}}}],"data_offsets":[0,1]}}""", 1)).Reason.Should().Contain("64");
    }

    [Fact]
    public void SafetensorsFile_CountlessEmptyTensors_TakeASmallMultipleOfTheHeader()
    {
        const int Count = 100_000;
        string json = "{" + string.Join(',', Enumerable.Range(0, Count).Select(
            i => $"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}";
        string path = folder.Write("countless.safetensors", File(json, 0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10L * json.Length);
        file.Tensors.Should().HaveCount(Count);
    }

    [Fact]
    public void SafetensorsFile_UnorderedScalarsAndEmptyTensors_AreRead()
    {
        string path = folder.Write("fine.safetensors", File(
            """{"z":{"dtype":"F32","shape":[],"data_offsets":[1,5]},"e":{"dtype":"F32","shape":[0,7],"data_offsets":[1,1]},"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}   """, 5));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.Tensors.Select(tensor => tensor.Name).Should().Equal("a", "e", "z");
        file.Find("a").Should().BeEquivalentTo(new { Type = ElementType.Other, StoredType = "F8_E4M3" });
        file.Span(file.Find("e")!).Length.Should().Be(0);
        file.Span(file.Find("z")!).Length.Should().Be(4);
    }

    [Fact]
    public void SafetensorsFile_Read_IsTheBytesOfTheMapAndOfNoOtherLength()
    {
        string path = Fixtures.Path("gau-tiny", "model.safetensors");
        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.Length.Should().Be(new FileInfo(path).Length);
        foreach (TensorEntry tensor in file.Tensors)
        {
            byte[] bytes = new byte[tensor.ByteLength];
            file.Read(tensor, bytes);
            file.Span(tensor).SequenceEqual(bytes).Should().BeTrue();
            foreach (int length in (int[])[bytes.Length - 1, bytes.Length + 1])
                file.Invoking(f => f.Read(tensor, new byte[length])).Should().Throw<ArgumentException>()
                    .WithMessage($"'{tensor.Name}' has {bytes.Length} bytes*").WithParameterName("destination");
        }
    }

    [Fact]
    public void SafetensorsFile_WhatItDoesNotHold_IsRefused()
    {
        using SafetensorsFile file = SafetensorsFile.Open(folder.Write("one.safetensors", File(
            """{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1)));
        using SafetensorsFile other = SafetensorsFile.Open(folder.Write("two.safetensors", File(
            """{"b":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1)));
        file.Find("b").Should().BeNull();
        file.Invoking(f => f.DataOffset(other.Tensors[0])).Should().Throw<ArgumentException>()
            .WithMessage($"'b' is not a tensor of {file.Path}*");
        file.Invoking(f => f.DataOffset(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void SafetensorsFile_TensorAbove2GiB_HasAnAddressButNoSpan()
    {
        const long Bytes = 1L << 31;
        byte[] start = File(
            """{"a":{"dtype":"U8","shape":[2147483648],"data_offsets":[0,2147483648]},"b":{"dtype":"U8","shape":[2147483647],"data_offsets":[2147483648,4294967295]}}""", 0);
        string path = folder.Write("large.safetensors", start);
        using (FileStream large = new(path, FileMode.Open))   // a hole, which takes no room
            large.SetLength(start.Length + 2 * Bytes - 1);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.Invoking(f => f.Span(f.Tensors[0]).Length).Should().Throw<NotSupportedException>()
            .WithMessage($"{path}: tensor 'a' has 2147483648 bytes, above 2 GiB");
        file.Span(file.Tensors[1]).Length.Should().Be(int.MaxValue);
        file.DataOffset(file.Tensors[1]).Should().Be(start.Length + Bytes);
    }

    [Fact]
    public void SafetensorsFile_Refused_IsNoLongerMapped()
    {
        string path = folder.Write("bad.safetensors", File("{\"a\":1}", 0));
        Refusal.Expect(path, () => SafetensorsFile.Open(path).Dispose());
        System.IO.File.ReadAllText("/proc/self/maps").Should().NotContain(path);
        using (SafetensorsFile.Open(folder.Write("good.safetensors", File("{}", 0))))
            System.IO.File.ReadAllText("/proc/self/maps").Should().Contain(folder.Path("good.safetensors"));
        System.IO.File.ReadAllText("/proc/self/maps").Should().NotContain(folder.Path("good.safetensors"));
    }
}
