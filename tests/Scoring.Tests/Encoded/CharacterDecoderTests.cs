using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Encoded;
using Xunit;

namespace GauRuntime.Scoring.Tests.Encoded;

public sealed class CharacterDecoderTests
{
    private static readonly TextEncoding[] Decoded =
        [TextEncoding.Gb18030, TextEncoding.Utf16LittleEndian, TextEncoding.Utf16BigEndian];

    private static readonly Gen<TextEncoding> Encoding = Gen.Int[0, Decoded.Length - 1].Select(i => Decoded[i]);

    // Bytes of all parts of GB18030's codes, and of surrogates.
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte, Gen.Byte[0x30, 0x39], Gen.Byte[0x81, 0x84], Gen.Byte[0xd8, 0xdf], Gen.Int[0, 3].Select(i => "\n\r\"\\"u8[i]))
        .Array[0, 60];

    /// <summary>What Python 3.11 decodes with its codec gb18030, but for 80, which is € in its codec mbcs on Windows.</summary>
    [Theory]
    [InlineData("61", "a")]
    [InlineData("80", "€")]
    [InlineData("A2E3", "€")]
    [InlineData("D6D0B9FA", "中国")]
    [InlineData("815C", "乗")]       // the second byte is a backslash
    [InlineData("8140", "丂")]
    [InlineData("E946", "镕")]
    [InlineData("FEFE", "\uE4C5")]
    [InlineData("81308130", "\u0080")]
    [InlineData("8139EE39", "㐀")]
    [InlineData("8431A437", "\uFFFD")]
    [InlineData("8431A439", "\uFFFF")]
    [InlineData("90308130", "\U00010000")]
    [InlineData("95328236", "𠀀")]
    [InlineData("9439FC36", "😀")]
    [InlineData("E3329A35", "\U0010FFFF")]
    public void Gb18030_Code_IsTheCharacterOfPython(string hex, string text) =>
        Text(TextEncoding.Gb18030, Hex(hex)).Should().Be(text);

    [Fact]
    public void Gb18030_EveryCharacter_ComesBack()
    {
        StringBuilder all = new();
        for (int c = 1; c <= 0x10ffff; c += c < 0x10000 ? 1 : 0x101)
        {
            if (Rune.IsValid(c))
                all.Append(new Rune(c).ToString());
        }
        Text(TextEncoding.Gb18030, EncodedBytes.Of(TextEncoding.Gb18030, all.ToString())).Should().Be(all.ToString());
    }

    [Theory]
    [InlineData("FF", "FF")]
    [InlineData("D6", "FF")]                       // cut
    [InlineData("D60A", "FF0A")]                   // no line end is lost
    [InlineData("D622", "FF22")]                   // no quote
    [InlineData("D67F", "FF7F")]
    [InlineData("D6FF", "FFFF")]
    [InlineData("813061", "FF3061")]
    [InlineData("81308161", "FF30E4B9A4")]       // what follows the first byte is read anew
    [InlineData("8130", "FF30")]
    [InlineData("813081", "FF30FF")]
    [InlineData("8431A530", "FF31FF30")]           // between the planes there is none
    [InlineData("E3329A36", "FF32FF36")]           // nor beyond the last
    public void Gb18030_NoCharacter_IsOneByteThatIsNoUtf8(string hex, string expected) =>
        Convert.ToHexString(Decode(TextEncoding.Gb18030, Hex(hex))).Should().Be(expected);

    [Theory]
    [InlineData("3D D8 00 DE", "F09F9880")]
    [InlineData("3D D8", "FF")]
    [InlineData("00 DE", "FF")]
    [InlineData("3D D8 61 00", "FF61")]
    [InlineData("3D D8 3D D8 00 DE", "FFF09F9880")]
    [InlineData("61 00 62", "61FF")]
    [InlineData("3D D8 00", "FFFF")]
    [InlineData("FE FF", "EFBFBE")]
    public void Utf16_Units_AreCharactersOrBytesThatAreNoUtf8(string hex, string expected)
    {
        byte[] bytes = Hex(hex);
        Convert.ToHexString(Decode(TextEncoding.Utf16LittleEndian, bytes)).Should().Be(expected);
        byte[] swapped = [.. bytes.Chunk(2).SelectMany(unit => Enumerable.Reverse(unit))];
        Convert.ToHexString(Decode(TextEncoding.Utf16BigEndian, swapped)).Should().Be(expected);
    }

    [Fact]
    public void Decode_AnyBytesInPieces_IsTheSameAndEndsWhereItBegan() =>
        Gen.Select(Encoding, Bytes, Gen.Int[1, 7], Gen.Int[4, 9]).Sample((encoding, bytes, step, room) =>
        {
            CharacterDecoder decoder = CharacterDecoder.Of(encoding)!;
            byte[] whole = Decode(encoding, bytes);
            List<byte> pieces = [];
            byte[] utf8 = new byte[room];
            for (int taken = 0, seen = 0; taken < bytes.Length;)
            {
                seen = Math.Min(bytes.Length, seen + step);
                taken += decoder.Decode(bytes.AsSpan(taken..seen), seen == bytes.Length, utf8, out int written);
                pieces.AddRange(utf8[..written]);
            }
            pieces.Should().Equal(whole);
            int before = 0;
            for (int length = 0; length <= whole.Length; length++)
            {
                int encoded = decoder.EncodedLength(bytes, length, out int rest);
                Decode(encoding, bytes[..encoded]).Should().Equal(whole[..(length - rest)]);
                encoded.Should().BeGreaterThanOrEqualTo(before);
                before = encoded;
            }
            before.Should().Be(bytes.Length);
        });

    private static string Text(TextEncoding encoding, byte[] bytes) =>
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Decode(encoding, bytes));

    private static byte[] Decode(TextEncoding encoding, byte[] bytes)
    {
        byte[] utf8 = new byte[3 * bytes.Length + CharacterDecoder.MostBytes];
        CharacterDecoder.Of(encoding)!.Decode(bytes, isEnd: true, utf8, out int written).Should().Be(bytes.Length);
        return utf8[..written];
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
