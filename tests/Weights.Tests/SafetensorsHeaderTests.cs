using System.Buffers.Binary;
using System.Text;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>What a header of safetensors says of types and places, and each message of a refused one as a whole.</summary>
public sealed class SafetensorsHeaderTests
{
    private const string One = """{"dtype":"I8","shape":[1],"data_offsets":[0,1]}""";

    [Theory]
    [InlineData("tensor 'b': begins at 3 and overlaps the tensor before it, which ends at 4", """{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[1],"data_offsets":[3,4]}}""", 4)]
    [InlineData("tensor 'a': begins at 2 and leaves a hole before it, which ends at 0", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}}""", 3)]
    [InlineData("tensor 'a': ends at 1, but there are 0 bytes of data: the file was cut short; copy or download it again", "{\"a\":" + One + "}", 0)]
    [InlineData("offset 63: 2 bytes after the last tensor", "{\"a\":" + One + "} ", 3)]
    [InlineData("tensor 'a': the name occurs twice", "{\"a\":" + One + ",\"a\":" + One + "}", 1)]
    [InlineData("tensor '__metadata__': the name occurs twice", """{"__metadata__":{},"__metadata__":{}}""", 0)]
    [InlineData("tensor '__metadata__': the name occurs twice", "{\"__metadata__\":{},\"a\":" + One + ",\"__metadata__\":{}}", 1)]
    [InlineData("__metadata__: not an object", """{"__metadata__":1}""", 0)]
    [InlineData("__metadata__ 'k': not a string", """{"__metadata__":{"k":null}}""", 0)]
    [InlineData("__metadata__ 'k': the key occurs twice", """{"__metadata__":{"k":"","k":""}}""", 0)]
    [InlineData("tensor 'a': not an object", """{"a":1}""", 0)]
    [InlineData("tensor 'a': 'dtype' is unknown, repeated or of the wrong kind", """{"a":{"dtype":1}}""", 0)]
    [InlineData("tensor 'a': 'data_offsets' is unknown, repeated or of the wrong kind", """{"a":{"data_offsets":[],"data_offsets":[0,1]}}""", 0)]
    [InlineData("tensor 'a': shape is not an array", """{"a":{"shape":1}}""", 0)]
    [InlineData("tensor 'a': shape holds something else than whole numbers from 0 to 2^63 - 1", """{"a":{"shape":[-1]}}""", 0)]
    [InlineData("tensor 'a': data_offsets is not an array", """{"a":{"data_offsets":{}}}""", 0)]
    [InlineData("tensor 'a': data_offsets has more than 2 entries", """{"a":{"data_offsets":[0,1,2]}}""", 0)]
    [InlineData("tensor 'a': needs dtype, shape and two data_offsets", """{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("tensor 'a': needs dtype, shape and two data_offsets", """{"a":{"dtype":"I8","data_offsets":[0,1]}}""", 1)]
    [InlineData("tensor 'a': needs dtype, shape and two data_offsets", """{"a":{"dtype":"I8","shape":[1]}}""", 1)]
    [InlineData("tensor 'a': unknown dtype 'I4'", """{"a":{"dtype":"I4","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("tensor 'a': data_offsets [2, 1) run backwards", """{"a":{"dtype":"I8","shape":[1],"data_offsets":[2,1]}}""", 2)]
    [InlineData("tensor 'b': 1 elements of I8 do not take the 2 bytes of data_offsets", "{\"a\":" + One + ",\"b\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[1,3]}}", 3)]
    [InlineData("offset 13: the header is not valid JSON", """{"a":x}""", 0)]
    [InlineData("header: not valid UTF-8", "{\"\u00FF\":1}", 0)]
    public void Open_HeaderThatCannotBe_SaysWhatAndWhere(string message, string json, int dataLength) =>
        Open(Encoding.Latin1.GetBytes(json), dataLength).Should().Be($"f: {message}");

    [Theory]
    [InlineData(7, 0, "offset 0: 7 bytes are too few for a header length")]
    [InlineData(8, 100_000_001, "offset 0: header length 100000001 is above the limit of 100000000")]
    [InlineData(8, 100_000_000, "offset 0: header length 100000000 is beyond the end of the file, which was cut short: copy or download it again")]
    [InlineData(8, 1, "offset 0: header length 1 is beyond the end of the file, which was cut short: copy or download it again")]
    [InlineData(8, 0, "offset 8: the header does not start with '{'")]
    public void Open_LengthThatCannotBe_SaysSo(int fileLength, ulong claimed, string message)
    {
        byte[] file = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimed);
        Open(file.AsSpan(0, fileLength).ToArray()).Should().Be($"f: {message}");
    }

    // The types of https://github.com/huggingface/safetensors/blob/main/safetensors/src/tensor.rs, Dtype.
    [Theory]
    [InlineData("F64", ElementType.Float64, 64)]
    [InlineData("F32", ElementType.Float32, 32)]
    [InlineData("F16", ElementType.Float16, 16)]
    [InlineData("BF16", ElementType.BFloat16, 16)]
    [InlineData("I8", ElementType.Int8, 8)]
    [InlineData("U8", ElementType.UInt8, 8)]
    [InlineData("I16", ElementType.Int16, 16)]
    [InlineData("U16", ElementType.UInt16, 16)]
    [InlineData("I32", ElementType.Int32, 32)]
    [InlineData("U32", ElementType.UInt32, 32)]
    [InlineData("I64", ElementType.Int64, 64)]
    [InlineData("U64", ElementType.UInt64, 64)]
    [InlineData("BOOL", ElementType.Bool, 8)]
    [InlineData("C64", ElementType.Complex64, 64)]
    [InlineData("F8_E4M3", ElementType.Other, 8)]
    [InlineData("F8_E5M2", ElementType.Other, 8)]
    [InlineData("F8_E8M0", ElementType.Other, 8)]
    [InlineData("F8_E4M3FNUZ", ElementType.Other, 8)]
    [InlineData("F8_E5M2FNUZ", ElementType.Other, 8)]
    [InlineData("F6_E2M3", ElementType.Other, 6)]
    [InlineData("F6_E3M2", ElementType.Other, 6)]
    [InlineData("F4", ElementType.Other, 4)]
    public unsafe void Open_TensorOfAType_HasItAndItsBytes(string name, ElementType type, int bits)
    {
        byte[] file = File(Encoding.UTF8.GetBytes(
            $"{{\"a\":{{\"dtype\":\"{name}\",\"shape\":[4],\"data_offsets\":[0,{bits / 2}]}}}}"), bits / 2);
        fixed (byte* data = file)
        {
            using SafetensorsFile opened = SafetensorsFile.Open(data, file.Length, "f");
            opened.Tensors.Single().Should().BeEquivalentTo(
                new { Type = type, StoredType = type == ElementType.Other ? name : null });
        }
        if (type != ElementType.Other)
            SafetensorsTypes.Name(type).Should().Be(name);
    }

    [Fact]
    public void Name_TypeThatSafetensorsLacks_IsRefused() =>
        FluentActions.Invoking(() => SafetensorsTypes.Name(ElementType.Other)).Should().Throw<ArgumentException>()
            .WithMessage("Other cannot be written as safetensors*");

    private static byte[] File(byte[] json, int dataLength)
    {
        byte[] file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    private static string Open(byte[] json, int dataLength) => Open(File(json, dataLength));

    private static unsafe string Open(byte[] file)
    {
        fixed (byte* data = file)
        {
            nint start = (nint)data;
            return FluentActions.Invoking(() => SafetensorsFile.Open((byte*)start, file.Length, "f").Dispose())
                .Should().Throw<GauFormatException>().Which.Message;
        }
    }
}
