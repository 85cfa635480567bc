using System.Text.Json;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The classes of the library beside the program: every number has the same bits.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(Repository.Model);

    public void Dispose() => model.Dispose();

    [Fact]
    public void Classify_Samples_HasTheBitsOfGauScore()
    {
        JsonElement[] rows = Gau($"score '{Repository.At("samples", "legal.jsonl")}'");
        rows.Should().HaveCount(Repository.Texts.Length);
        IReadOnlyList<Classification> found = new GauClassifier(model).Classify(Repository.Texts);
        foreach ((JsonElement row, Classification answer) in rows.Zip(found))
        {
            answer.Label.Should().Be(row.GetProperty("label").GetString());
            Bits(answer.Score).Should().Be(Bits(row.GetProperty("score")));
            answer.Text.Tokens.Should().Be(row.GetProperty("tokens").GetInt32());
            row.GetProperty("probabilities").EnumerateObject().Select(p => (p.Name, Bits(p.Value))).Should()
                .Equal(answer.Labels.Zip(answer.Values.ToArray(), (label, value) => (label, Bits(value))));
        }
    }

    [Fact]
    public void Classify_Pairs_HasTheBitsOfGauScore()
    {
        string file = Repository.At("samples", "pairs.jsonl");
        JsonElement[] rows = Gau($"score '{file}' --text text --pair text_b");
        (string, string)[] pairs =
        [
            .. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).Select(record =>
                (record.GetProperty("text").GetString()!, record.GetProperty("text_b").GetString()!)),
        ];
        new GauClassifier(model).Classify(pairs).Select(answer => Bits(answer.Score)).Should()
            .Equal(rows.Select(row => Bits(row.GetProperty("score"))));
    }

    [Theory]
    [InlineData("mean", Pooling.Mean, int.MaxValue)]
    [InlineData("cls", Pooling.First, 6)]
    [InlineData("max", Pooling.Max, 6)]
    public void Embed_Samples_HasTheBitsOfGauEmbed(string name, Pooling pooling, int most)
    {
        string[] texts = [.. Repository.Texts.Take(most)];
        JsonElement[] rows = Gau(
            $"embed - --format jsonl --pooling {name} --normalize --dimensions 40 "
            + $"< <(head -n {texts.Length} '{Repository.At("samples", "legal.jsonl")}')");
        rows.Should().HaveSameCount(texts);
        EmbedderOptions options = new() { Pooling = pooling, Normalize = true, Dimensions = 40 };
        IReadOnlyList<TextEmbedding> found = new GauEmbedder(model, options).Embed(texts);
        foreach ((JsonElement row, TextEmbedding embedding) in rows.Zip(found))
            row.GetProperty("embedding").EnumerateArray().Select(Bits).Should()
                .Equal(embedding.Vector.ToArray().Select(Bits));
    }

    [Fact]
    public void Fill_Samples_HasTheBitsOfGauFill()
    {
        string file = Repository.At("samples", "masks.txt");
        JsonElement[] rows = Gau($"fill '{file}' --top 7");
        string[] texts = File.ReadAllLines(file);
        IReadOnlyList<FilledText> found = new GauFillMask(model).Fill(texts, top: 7);
        rows.Should().HaveCount(texts.Length);
        for (int i = 0; i < texts.Length; i++)
            rows[i].GetProperty("masks").EnumerateArray().SelectMany(mask => mask.GetProperty("tokens").EnumerateArray()
                    .Select(token => (mask.GetProperty("position").GetInt32(), mask.GetProperty("offset").GetInt32(),
                        token.GetProperty("token").GetString()!, Bits(token.GetProperty("probability")))))
                .Should().Equal(found[i].Masks.SelectMany(mask => mask.Tokens.Select(token =>
                    (mask.Position, new CodePointOffsets(texts[i]).At(mask.Start), token.Token, Bits(token.Probability)))));
    }

    private static JsonElement[] Gau(string arguments)
    {
        (int code, string output, string error) = ChildProcess.Shell($"{ChildProcess.Command("gau")} {arguments}");
        code.Should().Be(0, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static int Bits(JsonElement number) => Bits(number.GetSingle());
}
