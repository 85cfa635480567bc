using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Answers;

/// <summary>Who asks of every token where it stands: those whose answers say so, and texts behind a prefix.</summary>
public sealed class EncodedPlacesTests
{
    [Theory]
    [InlineData(HeadKind.SequenceClassification, false)]
    [InlineData(HeadKind.MultipleChoice, false)]
    [InlineData(HeadKind.TokenClassification, true)]
    [InlineData(HeadKind.QuestionAnswering, true)]
    public void Encode_ModelsOwnHead_KeepsPlacesWhereAnswersSayThem(HeadKind kind, bool kept)
    {
        using TemporaryFolder folder = new();
        using GauModel model = Load(folder, TinyModel.HeadOf(Architecture.GauAlpha, kind));
        Keeps(AnswerHead.Of(model)!).Should().Be(kept);
    }

    [Fact]
    public void Encode_MasksScoresAndVectors_KeepPlacesOfMasksAndBehindAPrefix()
    {
        using TemporaryFolder folder = new();
        using GauModel model = Load(folder, TinyModel.CrossEncoder);
        Keeps(new MaskHead(model, top: 1)).Should().BeTrue();
        Keeps(new ScoreHead(model, raw: false)).Should().BeFalse();
        Keeps(new VectorHead(model, new EmbedderOptions())).Should().BeFalse();
        Keeps(new VectorHead(model, new EmbedderOptions { Prefix = "天：" })).Should().BeTrue();
        WindowOptions windows = new() { Tokens = 8 };
        Keeps(AnswerHead.Of(model, windows)!).Should().BeFalse("a text is cut into windows before");
        Keeps(new VectorHead(model, new EmbedderOptions { Prefix = "天：", Windows = windows })).Should().BeTrue();
    }

    [Fact]
    public void Encode_AfterAHeadThatNeedsNoPlaces_KeepsThemAgain()
    {
        using TemporaryFolder folder = new();
        using GauModel model = Load(folder, TinyModel.CrossEncoder);
        EncodedTexts encoded = new();
        string text = new('天', 300);
        foreach (AnswerHead head in (AnswerHead[])[new ScoreHead(model, raw: false), new MaskHead(model, top: 1)])
        {
            encoded.Clear();
            head.Encode(text, 512, encoded);
        }
        encoded[0].Spans.Length.Should().Be(302);
        encoded[0].Spans[300].Start.Should().Be(299);
    }

    private static GauModel Load(TemporaryFolder folder, HeadConfig head)
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, head);
        return GauModel.Load(path);
    }

    private static bool Keeps(AnswerHead head)
    {
        EncodedTexts text = new(), pair = new(), kept = new(keepsPlaces: true);
        head.Encode("天", 8, text);
        head.Encode("天", "天", 8, pair);
        head.Encode("天", 8, kept);
        kept[0].KeepsSpans.Should().BeTrue("the caller asks for them");
        pair[0].KeepsSpans.Should().Be(text[0].KeepsSpans);
        return text[0].KeepsSpans;
    }
}
