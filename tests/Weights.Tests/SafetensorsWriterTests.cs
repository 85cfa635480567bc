using CsCheck;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class SafetensorsWriterTests
{
    private static readonly ElementType[] Types =
        [ElementType.Float32, ElementType.Int64, ElementType.Int8, ElementType.Float16, ElementType.Bool];

    [Fact]
    public void SafetensorsWriter_AnyTensors_AreReadBackEqualAndAligned() =>
        Gen.Select(
            Gen.Int[0, Types.Length - 1], Gen.Long[0, 5].Array[0, 3], Gen.String[0, 6]).Array[0, 8].Sample(specs =>
        {
            List<(TensorEntry, ReadOnlyMemory<byte>)> tensors = [];
            for (int i = 0; i < specs.Length; i++)
            {
                // A lone surrogate is no text and cannot be written as UTF-8.
                string name = $"{i}{new string([.. specs[i].Item3.Where(c => !char.IsSurrogate(c))])}";
                TensorEntry entry = new(name, Types[specs[i].Item1], specs[i].Item2);
                byte[] data = new byte[entry.ByteLength];
                new Random(i).NextBytes(data);
                tensors.Add((entry, data));
            }
            CheckRoundTrip(tensors, new Dictionary<string, string> { ["键"] = "值\n\"" });
        }, iter: 300);

    private static unsafe void CheckRoundTrip(
        List<(TensorEntry Tensor, ReadOnlyMemory<byte> Data)> tensors, Dictionary<string, string> metadata)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors, metadata);
        byte[] bytes = stream.ToArray();
        fixed (byte* data = bytes)
        {
            using SafetensorsFile file = SafetensorsFile.Open(data, bytes.Length, "memory");
            file.Metadata.Should().BeEquivalentTo(metadata);
            file.Tensors.Should().HaveCount(tensors.Count);
            if (tensors.Count > 0)
                (file.DataOffset(file.Find(tensors[0].Tensor.Name)!) % 64).Should().Be(0);
            foreach ((TensorEntry tensor, ReadOnlyMemory<byte> expected) in tensors)
                file.Span(file.Find(tensor.Name)!).SequenceEqual(expected.Span).Should().BeTrue();
        }
    }

    [Fact]
    public void SafetensorsWriter_ReservedCapacity_KeepsTheDataWhereItIs()
    {
        TensorEntry[] tensors = [new("a", ElementType.Float32, [2])];
        using MemoryStream stream = new();
        int start = SafetensorsWriter.WriteHeader(stream, tensors, headerCapacity: 1024);
        stream.Write(new byte[8]);
        stream.Position = 0;
        SafetensorsWriter.WriteHeader(
            stream, tensors, new Dictionary<string, string> { ["k"] = "v" }, 1024).Should().Be(start).And.Be(1024);
        stream.Length.Should().Be(1032);
    }

    [Fact]
    public void SafetensorsWriter_WrongArguments_AreRefused()
    {
        TensorEntry tensor = new("a", ElementType.Float32, [2]);
        Action small = () => SafetensorsWriter.WriteHeader(Stream.Null, [tensor], headerCapacity: 32);
        small.Should().Throw<ArgumentException>().WithMessage("*needs 64 bytes*");
        Action odd = () => SafetensorsWriter.WriteHeader(Stream.Null, [tensor], headerCapacity: 1000);
        odd.Should().Throw<ArgumentException>().WithMessage("*needs 64 bytes*");
        foreach (int length in (int[])[7, 9])
        {
            Action other = () => SafetensorsWriter.Write(Stream.Null, [(tensor, new byte[length])]);
            other.Should().Throw<ArgumentException>();
        }
        Action reserved = () => SafetensorsWriter.WriteHeader(
            Stream.Null, [new("__metadata__", ElementType.Float32, [2])]);
        reserved.Should().Throw<ArgumentException>().WithMessage("*'__metadata__' occurs twice or is reserved*");
        Action twice = () => SafetensorsWriter.WriteHeader(Stream.Null, [tensor, tensor]);
        twice.Should().Throw<ArgumentException>().WithMessage("*twice*");
        Action text = () => SafetensorsWriter.WriteHeader(Stream.Null, [new("s", ElementType.String, [])]);
        text.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void SafetensorsWriter_Header_IsAsShortAsItCanBe()
    {
        using MemoryStream stream = new();
        Dictionary<string, string> metadata = new() { ["ab"] = new string('字', 10) };
        SafetensorsWriter.WriteHeader(stream, [], metadata).Should().Be(64, "8 bytes and 56 of JSON are that");
        System.Text.Encoding.UTF8.GetString(stream.ToArray()[8..]).Should().Be(
            $"{{\"__metadata__\":{{\"ab\":\"{metadata["ab"]}\"}}}}");
        metadata["ab"] += "a";
        SafetensorsWriter.WriteHeader(Stream.Null, [], metadata).Should().Be(128);
    }
}
