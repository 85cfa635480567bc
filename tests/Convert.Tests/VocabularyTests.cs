using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

public sealed class VocabularyTests
{
    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "duplicate", Bytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\na\nc\n"),
            "line 7: the token 'a' stands on line 6 too" },
        { "empty line", Bytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\nb\nc\n"), "line 6: an empty line" },
        { "empty end", Bytes(Safetensors.Vocabulary + "\n"), "line 9: an empty line" },
        { "no [MASK]", Bytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd\n"),
            "line 8 (the last): the token [MASK] is missing" },
        { "no [UNK]", Bytes("[PAD]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\nd\n"), "the token [UNK] is missing" },
        { "invalid UTF-8", [.. Bytes("[PAD]\n[UNK]\n"), 0xed, 0xa0, 0x80, (byte)'\n'], "line 3: invalid UTF-8" },
        { "10 MB line", [.. Bytes("[PAD]\n"), .. Enumerable.Repeat((byte)'x', 10 << 20)],
            "line 2: 10485760 bytes; a line has at most 1000" },
        { "NUL", Bytes("[PAD]\na\0b\n"), "line 2: a control character" },
        { "too many", Bytes(Safetensors.Vocabulary + "d\n"), "line 9: 9 tokens, but the word embedding has 8 rows" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void Vocabulary_Bad_IsRefusedWithLine(string name, byte[] content, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        ToolResult result =
            Tool.Run(folder.Root, "-o", folder.Path("out"), "--vocab", folder.Write("bad.txt", content));
        result.Code.Should().Be(65, name);
        result.Error.Should().Contain("bad.txt").And.Contain(reason);
    }

    [Theory]
    [InlineData("\uFEFF[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\n")]
    [InlineData("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\na\r\nb\r\nc\r\n")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc")]
    public void Vocabulary_OtherLineEnds_SameTokens(string text)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(vocabulary: text);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Vocabulary.Should().Equal("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c");
    }

    [Theory]
    [InlineData("port", "c 12")]
    [InlineData("keras", "c")]
    public void Vocabulary_LineWithFields_DialectDecides(string dialect, string expected)
    {
        using TemporaryFolder folder =
            Safetensors.Gau().Folder(vocabulary: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc 12\n");
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--dialect", dialect);
        model.Description.Vocabulary[7].Should().Be(expected);
    }

    [Theory]
    [InlineData("port")]
    [InlineData("keras")]
    public void Vocabulary_LinesOfBlanks_AreTokens(string dialect)
    {
        using TemporaryFolder folder =
            Safetensors.Gau().Folder(vocabulary: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\u2028\n\u0085\n\u3000\n");
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--dialect", dialect);
        model.Description.Vocabulary.Skip(5).Should().Equal("\u2028", "\u0085", "\u3000");
    }

    [Fact]
    public void Vocabulary_BlanksInsideOrAround_SplitNoLine()
    {
        using TemporaryFolder folder =
            Safetensors.Gau().Folder(vocabulary: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n \n  \na\u2028b\u000bc\n");
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Vocabulary.Skip(5).Should().Equal(" ", "  ", "a\u2028b\u000bc");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
