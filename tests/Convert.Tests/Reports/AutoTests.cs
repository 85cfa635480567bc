using System.Text.Json;
using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Conversion;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>The search for the way to store each matrix.</summary>
public sealed class AutoTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Auto_DefaultModelWithinATenthOfAPercent_KeepsItOnTextsThatDidNotChoose()
    {
        TestLevel.RequireLong();
        JsonElement auto = Auto(Path.Combine(Fixtures.Root, "models", "legal"), "0.1%",
            Fixtures.Path("legal", "test.jsonl"));
        auto.GetProperty("mean_drift").GetDouble().Should().BeLessThanOrEqualTo(0.001);
        auto.GetProperty("changed").GetDouble().Should().BeLessThanOrEqualTo(0.001);
        JsonElement judged = auto.GetProperty("judged");
        judged.GetProperty("texts").GetInt32().Should().Be(150);
        judged.GetProperty("mean_drift_bound").GetDouble().Should().BeLessThanOrEqualTo(0.001);
        judged.GetProperty("changed").GetInt32().Should().Be(0, "150 texts allow none at 0.1 %");
        auto.GetProperty("speed").GetDouble().Should().BeGreaterThan(0.8, "the exact model has 0.3");
    }

    [Theory]
    [InlineData("100%", 0)]
    [InlineData("0%", 12)]
    public void Auto_AnythingOrNothingAllowed_IsTheFastestOrTheExactModel(string target, int least)
    {
        string texts = TinyCheckpoint.Write(folder);
        JsonElement auto = Auto(folder.Root, target, texts);
        int steps = auto.GetProperty("steps").GetArrayLength();
        if (least == 0)
            steps.Should().Be(0);
        else
            steps.Should().BeGreaterThanOrEqualTo(5);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("auto"));
        model.Quantization.Type.Should().Be(least == 0 ? WeightType.Int8 : WeightType.F32);
        if (least > 0)
            model.Quantization.StoredOtherwise.Should().BeNull();
        else
            auto.GetProperty("speed").GetDouble().Should().Be(Speeds(auto).Max());
        model.Description.Config.Attention.Should().Be(least == 0 ? AttentionType.Int8 : AttentionType.F32);
        if (least > 0)
            auto.GetProperty("mean_drift").GetDouble().Should().Be(0);
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
        // Half of the 12 texts chose, the others judged: the file's drift on all of them is the mean of both.
        JsonElement judged = auto.GetProperty("judged");
        (auto.GetProperty("texts").GetInt32(), judged.GetProperty("texts").GetInt32()).Should().Be((6, 6));
        report.GetProperty("labels").GetProperty("mean_drift").GetDouble().Should().BeApproximately(
            (auto.GetProperty("mean_drift").GetDouble() + judged.GetProperty("mean_drift").GetDouble()) / 2, 1e-12);
        judged.GetProperty("mean_drift_bound").GetDouble().Should().BeInRange(
            judged.GetProperty("mean_drift").GetDouble(), best * 0.6);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("auto"));
        model.Quantization.StoredOtherwise.Should().NotBeNull();
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

    [Theory]
    [InlineData("0.5%")]
    [InlineData("0.05%")]
    [InlineData("0.01%")]
    public void Auto_AnyTarget_IsNoSlowerThanABlockSizeThatIsAsGood(string target)
    {
        JsonElement auto = Auto(folder.Root, target, TinyCheckpoint.Write(folder, texts: 40));
        double speed = auto.GetProperty("speed").GetDouble(), drift = auto.GetProperty("mean_drift").GetDouble();
        JsonElement judged = auto.GetProperty("judged");
        if (judged.GetProperty("plans").GetInt32() == 1)
            auto.GetProperty("baselines").EnumerateArray().Should().NotContain(one =>
                one.GetProperty("speed").GetDouble() > speed && one.GetProperty("mean_drift").GetDouble() <= drift
                && one.GetProperty("changed").GetDouble() <= auto.GetProperty("changed").GetDouble());
        judged.GetProperty("mean_drift_bound").GetDouble().Should().BeLessThanOrEqualTo(
            double.Parse(target[..^1], System.Globalization.CultureInfo.InvariantCulture) / 100);
        auto.GetProperty("baselines").EnumerateArray().Count(one =>
            one.GetProperty("name").GetString()!.EndsWith("attention f32", StringComparison.Ordinal)).Should().Be(4);
    }

    [Fact]
    public void Auto_OneText_HasNothingToJudgeBy()
    {
        TinyCheckpoint.Write(folder);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--auto", "1%", "--texts",
            folder.Write("one.txt", "天天天天天\n"));
        result.Code.Should().Be(2);
        result.Error.Should().EndWith("half of them choose, the others judge\n");
        folder.Files.Should().NotContain("m");
    }

    [Fact]
    public void Auto_WithAReport_SaysWhatItDoesWhileItDoesIt()
    {
        string texts = TinyCheckpoint.Write(folder), report = folder.Path("r.html");
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("m"), "--auto", "1%", "--texts", texts, "--report", report);
        string[] said = result.Error.Split('\n');
        int[] places =
        [
            .. ((string[])["storing the model as int8/", $"asking the exact model about {texts}", "measuring ", "judging ",
                "comparing the stored model", "computing the outputs", $"the report is {report}"])
                .Select(start => Array.FindIndex(said, line => line.StartsWith(start, StringComparison.Ordinal))),
        ];
        places.Should().BeInAscendingOrder().And.OnlyContain(place => place >= 0);
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--auto", "1%", "--texts", texts, "--json", "--force")
            .Error.Should().BeEmpty();
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(50, 20)]
    [InlineData(79, 40)]
    [InlineData(200, 40)]
    public void Bar_AnyTerminal_LeavesRoomForWhatStandsBesideIt(int terminal, int bar) =>
        ConvertMessages.BarWidth(terminal).Should().Be(bar);

    [Fact]
    public void Auto_FewTexts_SaysTheBoundThatWasReachedAndWhatWouldProveTheTarget()
    {
        string texts = TinyCheckpoint.Write(folder);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--auto", "1%", "--texts", texts);
        result.Code.Should().Be(0, result.Error);
        // 1 − 0.05^(1/6) = 39.3 %; ln 0.05 / ln 0.99 = 298.07.
        result.Output.Should().Contain("judged on 6 other texts").And.Contain("0 of 6 changed: at most 39.3")
            .And.Contain("299 to judge on, none of them changed, would prove 1%");
    }

    // Mean 0.002, s² = 2e-6 / 3, n = 4: 0.002 + 1.645 · s / 2.
    [Fact]
    public void Judgement_OfDrifts_BoundsTheirMean()
    {
        Judgement judged = Judgement.Of([0.001, 0.002, 0.002, 0.003], 0, 4);
        judged.Mean.Should().BeApproximately(0.002, 1e-15);
        judged.MeanBound.Should().BeApproximately(0.002 + 1.6448536 * Math.Sqrt(2e-6 / 3) / 2, 1e-9);
    }

    [Theory]
    [InlineData(150, 0, 0.0005, true, false)]     // at most 2.0 %: so few cannot prove 0.1 %, the mean decides
    [InlineData(150, 1, 0.0005, false, false)]    // 0.67 % of them changed
    [InlineData(150, 0, 0.0011, false, false)]
    [InlineData(2995, 0, 0.0005, true, true)]     // ln 0.05 / ln 0.999 = 2994.2
    [InlineData(2994, 0, 0.0005, true, false)]
    [InlineData(5000, 2, 0.0005, false, false)]   // 0.04 % changed, at most 0.126 %
    [InlineData(5000, 1, 0.0005, true, true)]     // at most 0.095 %
    public void Judgement_AgainstATenthOfAPercent_AllowsAndProves(
        int texts, int changed, double bound, bool allows, bool proves)
    {
        Judgement judged = new(texts, bound / 2, bound, changed, texts);
        judged.Allows(new AutoTarget(0.001)).Should().Be(allows);
        judged.Proves(new AutoTarget(0.001)).Should().Be(proves);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 3)]
    [InlineData(300, 150)]
    public void Halves_OfTexts_AreTheSameEveryTimeAndMixed(int texts, int judging)
    {
        int[] numbers = [.. Enumerable.Range(0, texts)];
        TextHalves halves = new(numbers), again = new(numbers);
        bool[] judges = [.. Enumerable.Range(0, texts).Select(halves.Judges)];
        judges.Count(one => one).Should().Be(judging);
        judges.Should().Equal(Enumerable.Range(0, texts).Select(again.Judges));
        if (texts == 300)
            judges.Take(100).Count(one => one).Should().BeInRange(35, 65);
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
