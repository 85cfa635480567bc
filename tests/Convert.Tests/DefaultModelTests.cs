using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using GauRuntime.TestSupport;

namespace GauRuntime.Convert.Tests;

/// <summary>The model inside <c>gau</c>, and what its 8 bits cost.</summary>
public sealed class DefaultModelTests
{
    [Fact]
    public void Convert_ModelsLegal_GivesTheWeightsThatAreShipped()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("legal.safetensors");
        CommandLine.Run(
            [Path.Combine(TestSupport.Fixtures.Root, "models", "legal"), "-o", path], TextWriter.Null,
            TextWriter.Null).Should().Be(0);
        using var fresh = Weights.ModelFile.ModelFileReader.Open(path);
        using var shipped = Weights.ModelFile.ModelFileReader.Open(
            Path.Combine(TestSupport.Fixtures.Root, "models", "legal.int8.safetensors"));
        shipped.Hash.Should().Be(fresh.Hash);
        shipped.Description.Should().BeEquivalentTo(
            fresh.Description, options => options.Excluding(model => model.Provenance.Date));
        shipped.Golden.Should().BeEquivalentTo(fresh.Golden);
    }

    [Fact]
    public void Int8_LabelsOfHeldOutTexts_WithinTheBounds()
    {
        TestLevel.RequireLong();
        JsonElement labels = Report("test.jsonl").GetProperty("labels");
        int texts = labels.GetProperty("texts").GetInt32();
        texts.Should().BeGreaterThanOrEqualTo(200);
        (labels.GetProperty("same").GetDouble() / texts).Should().BeGreaterThanOrEqualTo(0.995);
        labels.GetProperty("mean_drift").GetDouble().Should().BeLessThan(0.005);
    }

    [Fact]
    public void Int8_MaskedCharactersOfHeldOutTexts_WithinTheBounds()
    {
        TestLevel.RequireCi();
        JsonElement masks = Report("mlm.jsonl").GetProperty("masked_lm");
        masks.GetProperty("masks").GetInt32().Should().BeGreaterThanOrEqualTo(200);
        masks.GetProperty("top1_agreement").GetDouble().Should().BeGreaterThanOrEqualTo(0.98);
    }

    [Fact]
    public void Report_OnHeldOutTexts_GivesTheFiguresOfTheDocuments()
    {
        TestLevel.RequireLong();
        string Page(string path) => File.ReadAllText(Path.Combine(TestSupport.Fixtures.Root, path));
        string text = Page("models/README.md");
        JsonElement labels = Report("test.jsonl").GetProperty("labels");
        JsonElement masks = Report("mlm.jsonl").GetProperty("masked_lm");
        JsonElement accuracy = labels.GetProperty("accuracy");
        int texts = labels.GetProperty("texts").GetInt32();
        string Right(string which) => Percent(accuracy.GetProperty(which).GetDouble() / texts);
        string Masked(string which) => Percent(masks.GetProperty(which).GetDouble());
        string[] figures =
        [
            Percent(labels.GetProperty("same").GetDouble() / texts),
            labels.GetProperty("mean_drift").GetDouble().ToString("F5", CultureInfo.InvariantCulture),
            $"{Right("right_f32")} / {Right("right_stored")}",
            Masked("top1_agreement"),
            $"{Masked("accuracy_f32")} / {Masked("accuracy_stored")}",
        ];
        Page("README.md").Should().Contain($"- {Report("test.jsonl").GetProperty("verdict").GetString()}\n")
            .And.Contain($"- {Masked("top1_agreement")} of {masks.GetProperty("masks").GetInt32()} masked characters ");
        foreach (string figure in figures)
            text.Should().Contain($"| {figure} ");
        text.Should().Contain($"{texts} ").And.Contain($"{masks.GetProperty("masks").GetInt32()} ");
    }

    private static readonly ConcurrentDictionary<string, JsonElement> Reports = new();

    private static JsonElement Report(string texts) => Reports.GetOrAdd(texts, static texts =>
    {
        using TemporaryFolder folder = new();
        string report = folder.Path("report.json");
        Tool.Run(
            Path.Combine(TestSupport.Fixtures.Root, "models", "legal"), "-o", folder.Path("model"), "--report",
            report, "--texts", TestSupport.Fixtures.Path("legal", texts)).Code.Should().Be(0);
        return JsonDocument.Parse(File.ReadAllBytes(report)).RootElement;
    });

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
