using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Encoded;
using Xunit;

namespace GauRuntime.Scoring.Tests.Encoded;

public sealed class EncodingJudgementTests
{
    private const string Chinese = "依法治国，是党领导人民治理国家的基本方略。";

    private const string Traditional = "人民法院審理案件，應當依照民法典的有關規定，維護社會和經濟秩序。";

    public static TheoryData<TextEncoding, string> Texts
    {
        get
        {
            TheoryData<TextEncoding, string> data = [];
            foreach (TextEncoding encoding in (TextEncoding[])
                [TextEncoding.Utf8, TextEncoding.Gb18030, TextEncoding.Utf16LittleEndian, TextEncoding.Utf16BigEndian])
            {
                data.Add(encoding, Chinese + "\n");
                data.Add(encoding, "id,text\r\n1,依法治国2024年起施行。\r\n2,\"人民法院审理案件,适用\"\"民法典\"\"的\n第二条\"\r\n");
                data.Add(encoding, "{\"id\":1,\"text\":\"镕基😀：人民法院审理案件\"}\n");
                data.Add(encoding, "合同自成立时生效\n");
                data.Add(encoding, "Plain words, and one in Chinese only: 合同。");
            }
            data.Add(TextEncoding.Utf16LittleEndian, "id\ttext\r\n1\tplain ASCII\r\n");
            data.Add(TextEncoding.Utf16BigEndian, "id\ttext\r\n1\tplain ASCII\r\n");
            data.Add(TextEncoding.Utf8, "id\ttext\r\n1\tplain ASCII\r\n");
            data.Add(TextEncoding.Utf8, "Bush hid the facts");   // two by two, ideographs of UTF-16
            data.Add(TextEncoding.Utf8, "");
            data.Add(TextEncoding.Utf8, "für Größe, déjà vu, Привет");
            data.Add(TextEncoding.Utf8, "a\0b, two NULs\0");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Of_Text_IsItsEncoding(TextEncoding encoding, string text) =>
        EncodingJudgement.Of(EncodedBytes.Of(encoding, text)).Should().Be(encoding);

    [Theory]
    [InlineData(Chinese)]
    [InlineData("für Größe, déjà vu")]
    [InlineData("Привет")]
    [InlineData("plain")]
    [InlineData("id,text")]
    public void Of_Utf8WithAFault_IsUtf8(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i <= bytes.Length; i++)
            EncodingJudgement.Of([.. bytes[..i], 0xff, .. bytes[i..]]).Should().Be(TextEncoding.Utf8);
        for (int i = 0; i < bytes.Length; i++)
            EncodingJudgement.Of(bytes.AsSpan(0, i)).Should().Be(TextEncoding.Utf8, "a character may be cut");
    }

    [Fact]
    public void Of_TraditionalTextInGbk_IsGb18030() =>
        EncodingJudgement.Of(EncodedBytes.Of(TextEncoding.Gb18030, Traditional)).Should().Be(TextEncoding.Gb18030);

    [Theory]
    [InlineData("iso-8859-1", "für Größe, déjà vu, façade, señor")]
    [InlineData("iso-8859-1", "ÄÖÜäöüß größer")]
    [InlineData("windows-1252", "It’s a café, don’t you “know” — señor Müller’s façade.")]
    [InlineData("windows-1251", "Привет мир, это обычный текст на русском языке.")]
    [InlineData("big5", Traditional)]
    [InlineData("shift_jis", "人民法院は事件を審理する。カタカナ")]
    public void Of_TextInOtherEncodings_IsNotTakenForGbk(string encoding, string text) =>
        EncodingJudgement.Of(CodePagesEncodingProvider.Instance.GetEncoding(encoding) is { } known
            ? known.GetBytes(text)
            : Encoding.Latin1.GetBytes(text)).Should().Be(TextEncoding.Utf8);

    [Theory]
    [InlineData("D6")]
    [InlineData("C0AF")]
    [InlineData("FF")]
    [InlineData("F4908080")]
    public void Of_NextToNothing_IsUtf8(string hex) =>
        EncodingJudgement.Of([.. "{\"text\":\""u8, .. Convert.FromHexString(hex), .. "\"}"u8]).Should().Be(TextEncoding.Utf8);
}
