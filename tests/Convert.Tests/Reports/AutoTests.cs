using System.Text.Json;
using GauRuntime.Convert.Auto;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>The search for the way to store each matrix.</summary>
public sealed class AutoTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Auto_DefaultModelWithinATenthOfAPercent_KeepsItsLabelsAndItsSpeed()
    {
        TestLevel.RequireCi();
        JsonElement auto = Auto(Path.Combine(Fixtures.Root, "models", "legal"), "0.1%",
            Fixtures.Path("legal", "test.jsonl"));
        auto.GetProperty("mean_drift").GetDouble().Should().BeLessThanOrEqualTo(0.001);
        auto.GetProperty("changed").GetDouble().Should().BeLessThanOrEqualTo(0.001);
        auto.GetProperty("speed").GetDouble().Should().BeGreaterThanOrEqualTo(0.9);
    }

    [Theory]
    [InlineData("100%", 0)]
    [InlineData("0%", 12)]
    public void Auto_AnythingOrNothingAllowed_IsTheFastestOrTheExactModel(string target, int least)
    {
        string texts = TinyCheckpoint.Write(folder);
        JsonElement auto = Auto(folder.Root, target, texts);
        int steps = auto.GetProperty("steps").GetArrayLength();
        if (least == 0) steps.Should().Be(0);
        else steps.Should().BeGreaterThanOrEqualTo(5);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("auto"));
        model.Quantization.Type.Should().Be(least == 0 ? WeightType.Int8 : WeightType.F32);
        if (least > 0) model.Quantization.Exceptions.Should().BeNull();
        else auto.GetProperty("speed").GetDouble().Should().Be(Speeds(auto).Max());
        model.Description.Config.Attention.Should().Be(least == 0 ? AttentionType.Int8 : AttentionType.F32);
        if (least > 0) auto.GetProperty("mean_drift").GetDouble().Should().Be(0);
    }

    [Fact]
    public void Auto_NeitherLabelsNorMasks_HasNothingToMeasure()
    {
        foreach (string name in (string[])["model.safetensors", "config.json", "vocab.txt"])
            folder.Copy(Fixtures.Gau(name));
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("m"), "--auto", "1%", "--texts", folder.Write("short.txt", "天\n"));
        result.Code.Should().Be(2);
        result.Error.Should().EndWith("short.txt: no text is long enough to hide a character in: nothing to measure\n");
        folder.Files.Should().NotContain("m");
    }

    [Fact]
    public void Auto_BetweenTheBaselines_MixesStoresAndSaysTheDriftOfTheVeryFile()
    {
        string texts = TinyCheckpoint.Write(folder);
        double best = Auto(folder.Root, "100%", texts).GetProperty("baselines").EnumerateArray()
            .Min(baseline => baseline.GetProperty("mean_drift").GetDouble());
        string target = (best * 60).ToString("F9", System.Globalization.CultureInfo.InvariantCulture) + "%";
        JsonElement auto = Auto(folder.Root, target, texts);
        auto.GetProperty("mean_drift").GetDouble().Should().BeInRange(1e-12, 0.6 * best);
        JsonElement report = JsonDocument.Parse(File.ReadAllBytes(folder.Path("auto.json"))).RootElement;
        report.GetProperty("labels").GetProperty("mean_drift").GetDouble().Should().BeApproximately(
            auto.GetProperty("mean_drift").GetDouble(), 1e-12);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("auto"));
        model.Quantization.Exceptions.Should().NotBeNull();
        model.Description.Provenance.Options.Should().StartWith("--auto 0.").And.Contain("% --dialect port");
    }

    [Fact]
    public void Auto_Twice_GivesTheSameBytes()
    {
        string texts = TinyCheckpoint.Write(folder);
        Auto(folder.Root, "0.05%", texts);
        byte[] first = File.ReadAllBytes(folder.Path("auto"));
        Auto(folder.Root, "0.05%", texts);
        File.ReadAllBytes(folder.Path("auto")).Should().Equal(first);
    }

    [Fact]
    public void Auto_ModelWithoutLabels_IsHeldToItsMaskedCharacters()
    {
        string texts = TinyCheckpoint.Write(folder);
        File.Copy(Fixtures.Gau("model.safetensors"), folder.Path("model.safetensors"), overwrite: true);
        File.Copy(Fixtures.Gau("config.json"), folder.Path("config.json"), overwrite: true);
        JsonElement auto = Auto(folder.Root, "0.5%", texts);
        auto.GetProperty("mean_drift").GetDouble().Should().BeLessThanOrEqualTo(0.005);
        auto.GetProperty("changed").GetDouble().Should().BeLessThanOrEqualTo(0.005);
        auto.GetProperty("baselines")[0].GetProperty("mean_drift").GetDouble().Should().BeGreaterThan(0);
    }

    [Fact]
    public void FewestSteps_AnyThresholdAndGuess_FindsIt()
    {
        for (int all = 1; all <= 9; all++)
            for (int guess = 1; guess <= all; guess++)
                for (int threshold = 1; threshold <= all; threshold++)
                {
                    int asked = 0;
                    AutoSearch.FewestSteps(all, guess, count =>
                    {
                        asked++;
                        count.Should().BeInRange(1, all - 1);
                        return count >= threshold;
                    }).Should().Be(threshold);
                    asked.Should().BeLessThanOrEqualTo(5);
                }
    }

    private static IEnumerable<double> Speeds(JsonElement auto) =>
        auto.GetProperty("baselines").EnumerateArray().Select(baseline => baseline.GetProperty("speed").GetDouble());

    private JsonElement Auto(string checkpoint, string target, string texts)
    {
        string[] report = checkpoint == folder.Root ? ["--report", folder.Path("auto.json")] : [];
        ToolResult result = Tool.Run([checkpoint, "-o", folder.Path("auto"), "--force", "--json", "--auto", target,
            "--texts", texts, .. report]);
        result.Code.Should().Be(0, result.Error);
        return result.OutputJson.GetProperty("auto");
    }
}
