using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>
/// gau forward on the golden cases of tests/fixtures, whose expected values and tolerances come from the reference.
/// </summary>
public sealed class ForwardGoldenTests(FixtureModels models) : IClassFixture<FixtureModels>
{
    private const double HiddenTolerance = 1e-4;
    private const double MaskedLmTolerance = 2e-3;
    private const double LogitTolerance = 5e-5;

    [Theory]
    [InlineData("gau-tiny", "cases/softmax_plus/len0001.json", "port")]
    [InlineData("gau-tiny", "cases/softmax_plus/len0513.json", "port")]
    [InlineData("gau-tiny", "cases/softmax_plus/batch_short.json", "port")]
    [InlineData("gau-tiny", "cases/softmax_plus/batch_long.json", "port")]
    [InlineData("gau-tiny", "cases/softmax_plus/holes.json", "port")]
    [InlineData("gau-tiny", "cases/keras_dialect/softmax_plus.json", "keras")]
    [InlineData("roformer-v2-tiny", "cases/softmax/batch_long.json", "port")]
    [InlineData("roformer-v2-tiny", "cases/softmax/holes.json", "port")]
    [InlineData("roformer-v2-tiny", "cases/keras_dialect/softmax.json", "keras")]
    [InlineData("bert-tiny", "cases/softmax/len0512.json", "port")]
    [InlineData("bert-tiny", "cases/softmax/batch_long.json", "port")]
    [InlineData("bert-tiny", "cases/softmax/segments.json", "port")]
    [InlineData("bert-tiny", "cases/keras_dialect/softmax.json", "keras")]
    [InlineData("bert-tiny", "case_gelu_tanh.json", "google")]
    [InlineData("roformer-tiny", "cases/softmax/len0700.json", "port")]
    [InlineData("roformer-tiny", "cases/softmax/holes.json", "port")]
    [InlineData("roformer-tiny", "cases/keras_dialect/softmax.json", "keras")]
    [InlineData("roformer-tiny-e40", "cases/softmax/batch_short.json", "port")]
    [InlineData("roformer-tiny-e40", "cases/keras_dialect/softmax.json", "keras")]
    public void Forward_EncoderCase_GivesTheReferencesNumbers(string fixture, string file, string dialect)
    {
        string path = Fixtures.Path([fixture, .. file.Split('/')]);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement g = golden.RootElement;
        Dictionary<string, Tensor> output = Forward(models.Path(fixture, dialect), path, "--mlm");
        bool[][] keys = Keys(g, dialect);
        Compare(output["hidden"], g.GetProperty("hidden"), g.GetProperty("positions"), keys, HiddenTolerance);
        Compare(
            output["mlm_logits"], g.GetProperty("logits"), g.GetProperty("logit_positions"), keys, MaskedLmTolerance);
    }

    public static TheoryData<string> HeadsOfTexts => [.. Heads("head-seq"), .. Heads("head-mc")];

    public static TheoryData<string> HeadsOfTokens => [.. Heads("head-tok"), .. Heads("head-qa")];

    [Theory]
    [MemberData(nameof(HeadsOfTexts))]
    public void Forward_HeadOfWholeTexts_GivesTheReferencesLogits(string fixture)
    {
        string path = Fixtures.Path([.. fixture.Split('/'), "case.json"]);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        double[] expected = Flat(golden.RootElement.GetProperty("logits"));
        Tensor logits = Forward(models.Path(fixture), path)["logits"];
        logits.Values.Should().HaveCount(expected.Length);
        logits.Values.Zip(expected, (found, e) => Math.Abs(found - e)).Max().Should().BeLessThan(LogitTolerance);
    }

    [Theory]
    [MemberData(nameof(HeadsOfTokens))]
    public void Forward_HeadOfTokens_GivesTheReferencesLogits(string fixture)
    {
        string[] names = fixture.EndsWith("head-qa", StringComparison.Ordinal) ? ["start_logits", "end_logits"] : ["logits"];
        string path = Fixtures.Path([.. fixture.Split('/'), "case.json"]);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        double[] mask = Flat(golden.RootElement.GetProperty("attention_mask"));
        double[][] expected = [.. names.Select(name => Flat(golden.RootElement.GetProperty(name)))];
        Tensor logits = Forward(models.Path(fixture), path)["logits"];
        int width = logits.Values.Length / mask.Length;
        for (int i = 0; i < logits.Values.Length; i++)
        {
            double want = names.Length == 1 ? expected[0][i] : expected[i % width][i / width];
            double tolerance = mask[i / width] == 0 ? 0 : LogitTolerance;
            ((double)logits.Values[i]).Should().BeApproximately(mask[i / width] == 0 ? 0 : want, tolerance);
        }
    }

    /// <summary>The architectures that there is a fixture of a head for.</summary>
    private static IEnumerable<string> Heads(string head) => ArchitectureTraits.All
        .Select(entry => $"{Architectures.Folder(entry.Architecture)}/{head}")
        .Where(fixture => Directory.Exists(Fixtures.Path(fixture.Split('/'))));

    private static Dictionary<string, Tensor> Forward(string model, string @case, params string[] more)
    {
        using TemporaryFolder folder = new();
        GauRun run = GauRun.Of(
            ["forward", "--model", model, "--input", @case, "-o", folder.Path("out.safetensors"), .. more]);
        run.Code.Should().Be(0, run.Error);
        using ICheckpoint file = CheckpointFile.Open(folder.Path("out.safetensors"));
        return file.Tensors.ToDictionary(t => t.Name, t =>
        {
            byte[] bytes = new byte[t.ByteLength];
            file.Read(t, bytes);
            float[] values = new float[t.ElementCount];
            Elements.ToSingle(t.Type, bytes, values);
            return new Tensor([.. t.Shape], values);
        });
    }

    private static void Compare(
        Tensor found, JsonElement expected, JsonElement positions, bool[][] keys, double tolerance)
    {
        int n = (int)found.Shape[1];
        int width = (int)found.Shape[2];
        int[] listed = [.. positions.EnumerateArray().Select(p => p.GetInt32())];
        for (int row = 0; row < keys.Length; row++)
        {
            for (int p = 0; p < listed.Length; p++)
            {
                Span<float> values = found.Values.AsSpan((row * n + listed[p]) * width, width);
                if (!keys[row][listed[p]])
                {
                    values.ContainsAnyExcept(0f).Should().BeFalse("masked positions are zero");
                    continue;
                }
                double worst = 0;
                for (int i = 0; i < width; i++)
                    worst = Math.Max(worst, Math.Abs(values[i] - expected[row][p][i].GetDouble()));
                worst.Should().BeLessThan(tolerance, $"row {row}, position {listed[p]}");
            }
        }
    }

    private static bool[][] Keys(JsonElement golden, string dialect) =>
        [.. golden.GetProperty("attention_mask").EnumerateArray()
            .Select(row => row.EnumerateArray().Select((m, i) => m.GetDouble() != 0 || (dialect == "keras" && i == 0)).ToArray())];

    private static double[] Flat(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().SelectMany(Flat)]
        : [element.GetDouble()];

    private sealed record Tensor(long[] Shape, float[] Values);
}
