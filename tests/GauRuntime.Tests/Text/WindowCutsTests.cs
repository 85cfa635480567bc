using CsCheck;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Where windows begin and end; the places are worked out by hand, a character being a token.</summary>
public sealed class WindowCutsTests
{
    private static readonly GauTokenizer Tokenizer = TokenizerFixture.Tiny(Dialect.Port);

    [Theory]
    [InlineData("今天天气很好", 6, 3, "今天天气很好")]
    [InlineData("", 6, 3, "")]
    [InlineData("　\n", 1, 1, "　\n")]
    // No sentence ends: windows of 6, each 3 behind the one before.
    [InlineData("今天天气很好我们去公园玩", 6, 3, "今天天气很好|气很好我们去|我们去公园玩")]
    // Ends behind the last sentence that fits, the next begins behind one in the later half of the stride.
    [InlineData("今天好。我们去。公园大。下雨了。", 10, 4, "今天好。我们去。|我们去。公园大。|公园大。下雨了。")]
    [InlineData("今天好！我们去？公园大；下雨了…", 10, 4, "今天好！我们去？|我们去？公园大；|公园大；下雨了…")]
    // What closes a sentence belongs to it, and so does a second mark.
    [InlineData("“今天好。”我们去公园！？下雨了。", 13, 6, "“今天好。”我们去公园！？|我们去公园！？下雨了。")]
    // A line end is one too, with the white space around it; no overlap where the stride is the room.
    [InlineData("今天好\n\n我们去公园", 5, 5, "今天好\n\n|我们去公园")]
    // A point within a number ends nothing, one before a space does.
    [InlineData("今天好 3.5 the. 我们去公园玩吧", 8, 8, "今天好 3.5 the. |我们去公园玩吧")]
    // Else between words: hello is he ##llo.
    [InlineData("今天好hello我们去公园", 4, 4, "今天好|hello我们|去公园")]
    public void Cut_SmallTexts_GivesThesePieces(string text, int room, int stride, string pieces)
    {
        WindowCuts cuts = new();
        cuts.TryCut(Tokenizer, text, room, stride, most: 100).Should().BeTrue();
        string.Join('|', cuts.Pieces.ToArray().Select(piece => text[piece.Start..piece.End])).Should().Be(pieces);
    }

    [Fact]
    public void Cut_AnyText_CoversItInWindowsThatFitAndAscend()
    {
        string[] parts =
        [
            "今", "天气", "。", "！”", "\n", " ", "hello ", "un ", "ing ", "3.5 ", "é ", "\u0301", "ﬁ ", "😀", "\ud83d", "龍", "the. ",
        ];
        Gen<string> text = Gen.Int[0, parts.Length - 1].Array[0, 60].Select(all => string.Concat(all.Select(i => parts[i])));
        Gen.Select(text, Gen.Int[1, 12], Gen.Int[1, 12]).Sample(
            (text, room, stride) =>
            {
                WindowCuts cuts = new();
                EncodedText encoded = new();
                cuts.TryCut(Tokenizer, text, room, Math.Min(room, stride), most: 1000).Should().BeTrue();
                TextPiece[] pieces = cuts.Pieces.ToArray();
                pieces[0].Start.Should().Be(0);
                pieces[^1].End.Should().Be(text.Length);
                for (int i = 0; i < pieces.Length; i++)
                {
                    pieces[i].End.Should().BeGreaterThanOrEqualTo(pieces[i].Start);
                    if (i > 0)
                    {
                        pieces[i].Start.Should().BeGreaterThan(pieces[i - 1].Start).And
                            .BeLessThanOrEqualTo(pieces[i - 1].End);
                        pieces[i].End.Should().BeGreaterThan(pieces[i - 1].End);
                    }
                    // A word that is longer than that is cut, and its parts may be other tokens.
                    if (room >= 8 && stride >= 8)
                        Tokenizer.EncodeAlone(text.AsSpan()[pieces[i].Start..pieces[i].End], encoded, 1000).Total
                            .Should().BeLessThanOrEqualTo(room);
                }
            },
            iter: 500);
    }

    [Fact]
    public void Cut_MoreWindowsThanAllowed_StopsThere()
    {
        WindowCuts cuts = new();
        string text = new('天', 100);
        cuts.TryCut(Tokenizer, text, 10, 5, most: 18).Should().BeFalse();
        cuts.TryCut(Tokenizer, text, 10, 5, most: 19).Should().BeTrue("(100 − 10) / 5 + 1 windows cover it");
        cuts.Pieces.Length.Should().Be(19);
    }

    [Fact]
    public void Cut_AMillionCharacters_TakesLinearTime()
    {
        WindowCuts cuts = new();
        string text = new('天', 1_000_000);
        ProcessorTime.Of(() => cuts.TryCut(Tokenizer, text, 510, 256, int.MaxValue)).Should().BeLessThan(
            TimeSpan.FromSeconds(20), "4000 times the rest of the text would take minutes");
    }
}
