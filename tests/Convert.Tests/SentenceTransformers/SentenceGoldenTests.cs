using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.SentenceTransformers;

/// <summary>
/// Folders of <c>tests/fixtures</c>, converted: every vector is that of the reference, tokens by transformers' own
/// tokenizer, pooling and layers checked against sentence-transformers' code.
/// </summary>
public sealed class SentenceGoldenTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("st-tiny")]
    [InlineData("st-tiny-cls")]
    public void Embed_Texts_GivesTheGolden(string name)
    {
        using GauModel model = Load(name);
        JsonElement golden = Json(name, "texts.json");
        int longest = golden.GetProperty("max_seq_length").GetInt32();
        foreach (JsonElement batch in golden.GetProperty("batches").EnumerateArray())
        {
            string? prompt = batch.GetProperty("prompt_name").GetString();
            GauEmbedder embedder = new(model, new EmbedderOptions { Prompt = prompt });
            for (int i = 0; i < batch.GetProperty("texts").GetArrayLength(); i++)
            {
                TextEmbedding found = embedder.Embed(batch.GetProperty("texts")[i].GetString()!);
                found.Text.Tokens.Should().Be(
                    batch.GetProperty("attention_mask")[i].EnumerateArray().Sum(kept => kept.GetInt32()));
                found.Text.Truncated.Should().Be(found.Text.Tokens == longest);
                Close(found.Vector.Span, batch.GetProperty("embedding")[i]);
            }
        }
    }

    [Theory]
    [InlineData("st-tiny")]
    [InlineData("st-tiny-cls")]
    public void Embed_Ids_GivesTheGolden(string name)
    {
        using GauModel model = Load(name);
        using GauWorkspace workspace = new(model);
        EmbeddingLayers layers = new(model, model.Embedding!, normalize: false);
        foreach (string path in Directory.EnumerateFiles(Fixtures.Path(name, "cases", "softmax")))
        {
            JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
            GauBatch batch = new();
            for (int row = 0; row < golden.GetProperty("input_ids").GetArrayLength(); row++)
            {
                int n = golden.GetProperty("attention_mask")[row].EnumerateArray().Sum(kept => kept.GetInt32());
                int[] Of(string key) =>
                    [.. golden.GetProperty(key)[row].EnumerateArray().Take(n).Select(id => id.GetInt32())];
                batch.Add(Of("input_ids"), Of("token_type_ids"));
            }
            GauEncoder.Forward(model, batch, workspace);
            for (int row = 0; row < batch.Count; row++)
            {
                float[] vector = new float[golden.GetProperty("embedding")[row].GetArrayLength()];
                layers.TryVector(workspace, batch, row, 0, vector).Should().BeTrue();
                Close(vector, golden.GetProperty("embedding")[row]);
            }
        }
    }

    [Fact]
    public void Convert_Goldens_SayWhatTheyAre()
    {
        using GauModel model = Load("st-tiny"), cls = Load("st-tiny-cls");
        (model.Embedding!.Shown, model.Embedding.MaxTokens).Should().Be(
            ("pooling mean, dense 24 tanh, normalize", 64));
        (cls.Embedding!.Shown, cls.Embedding.MaxTokens).Should().Be(("pooling cls, normalize", 64));
    }

    private static void Close(ReadOnlySpan<float> vector, JsonElement expected)
    {
        vector.Length.Should().Be(expected.GetArrayLength());
        for (int i = 0; i < vector.Length; i++)
            vector[i].Should().BeApproximately(expected[i].GetSingle(), Tolerance, "number {0}", i);
    }

    private static JsonElement Json(string name, string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path(name, file))).RootElement;

    private GauModel Load(string name)
    {
        // The vocabulary of st-tiny-cls stands in its tokenizer.json alone.
        string vocabulary = Fixtures.Path(name, "vocab.txt");
        if (!File.Exists(vocabulary))
            vocabulary = folder.Write("vocab.txt", string.Join('\n', Json(name, "tokenizer.json").GetProperty("model")
                .GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).Select(token => token.Name)));
        using ModelFileReader file = Tool.Convert(folder, Fixtures.Path(name), "--type", "f32", "--vocab", vocabulary);
        return GauModel.Load(file.Path);
    }
}
