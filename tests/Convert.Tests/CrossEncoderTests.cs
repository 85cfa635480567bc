using System.Text.Json;
using GauRuntime.Text;

namespace GauRuntime.Convert.Tests;

/// <summary>A cross-encoder of BERT, converted, gives the scores of the reference (<c>tests/fixtures/README.md</c>).</summary>
public sealed class CrossEncoderTests : IDisposable
{
    private const double LogitTolerance = 5e-5, ScoreTolerance = 1e-5;

    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Fixtures.Path("cross-tiny", "texts.json"))).RootElement;

    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public CrossEncoderTests()
    {
        string path = folder.Path("cross.safetensors");
        ToolResult result = Tool.Run(Fixtures.Path("cross-tiny"), "-o", path, "--type", "f32");
        result.Code.Should().Be(0, result.Error);
        model = GauModel.Load(path);
    }

    private static (string Query, string Candidate)[] Pairs =>
        [.. Golden.GetProperty("pairs").EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetString()!))];

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tokenize_Pairs_GivesTheIdsAndSegmentsOfTheReference()
    {
        EncodedText encoded = new();
        foreach (((string query, string candidate), int i) in Pairs.Select((pair, i) => (pair, i)))
        {
            model.Tokenizer.EncodePair(
                query, candidate, encoded, model.Head.Segments, Golden.GetProperty("max_length").GetInt32());
            int[] Row(string name) => [.. Golden.GetProperty(name)[i].EnumerateArray().Select(x => x.GetInt32())];
            int length = Row("attention_mask").Sum();
            encoded.Ids.ToArray().Should().Equal(Row("input_ids")[..length]);
            encoded.Segments.ToArray().Should().Equal(Row("token_type_ids")[..length]);
        }
    }

    [Fact]
    public void Score_Pairs_GivesTheScoresOfTheReference()
    {
        float[] scores = [.. new GauReranker(model).Score(Pairs, cancel: TestContext.Current.CancellationToken).Select(pair => pair.Score)];
        float[] logits = [.. new GauReranker(model, rawLogits: true).Score(Pairs, cancel: TestContext.Current.CancellationToken).Select(pair => pair.Score)];
        scores.Should().HaveCount(Pairs.Length);
        for (int i = 0; i < Pairs.Length; i++)
        {
            ((double)scores[i]).Should().BeApproximately(Golden.GetProperty("scores")[i].GetDouble(), ScoreTolerance);
            ((double)logits[i]).Should().BeApproximately(Golden.GetProperty("logits")[i][0].GetDouble(), LogitTolerance);
        }
    }

    [Fact]
    public void Rerank_CandidatesOfAQuery_ComeInTheOrderOfTheirLogits()
    {
        string[] candidates = [.. Pairs.Select(pair => pair.Candidate)];
        IReadOnlyList<RankedText> ranked = new GauReranker(model).Rerank(
            Pairs[0].Query, candidates, cancel: TestContext.Current.CancellationToken);
        IReadOnlyList<RankedText> raw = new GauReranker(model, rawLogits: true).Rerank(
            Pairs[0].Query, candidates, cancel: TestContext.Current.CancellationToken);
        ranked.Select(r => r.Index).Should().Equal(raw.Select(r => r.Index));
        ranked.Select(r => r.Score).Should().BeInDescendingOrder();
    }
}
