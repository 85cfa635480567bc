using System.Text.Json;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>
/// What <c>gau-convert</c> does besides reading, for a checkpoint of every architecture: stores, reports, chooses, verifies.
/// </summary>
public sealed class FamilyReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Masked LMs, classifiers of texts, and of tokens, where there are fixtures.</summary>
    public static TheoryData<Architecture, string> Checkpoints()
    {
        TheoryData<Architecture, string> data = [];
        foreach (ArchitectureTraits entry in ArchitectureTraits.All)
            foreach (string head in (string[])["", "head-seq", "head-tok"])
                if (Directory.Exists(Architectures.Fixture(entry.Architecture, head)))
                    data.Add(entry.Architecture, head);
        return data;
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Convert_AnyStorage_HasTheWeightsOfItsCheckpoint(Architecture architecture)
    {
        TinyCheckpoint.Write(folder, architecture: architecture, head: "");
        foreach (string options in (string[])["--type f32", "--block 64", "--block 256", "--block 32 --attention f32"])
        {
            string path = folder.Path(options);
            ToolResult result = Tool.Run([folder.Root, "-o", path, .. options.Split(' ')]);
            result.Code.Should().Be(0, result.Error);
            Tool.Run(path, "--verify-against", folder.Root).Code.Should().Be(0, options);
            Tool.Run(folder.Root, "--verify-against", path).Code.Should().Be(0, options);
            using GauModel model = GauModel.Load(path);
            model.Config.Architecture.Should().Be(architecture);
            bool exact = options == "--type f32";
            GoldenVectors.Verify(model).Should().HaveCount(3).And.OnlyContain(
                check => check.SameBits && check.Difference > 0 == !exact && check.Difference < 1, options);
        }
        JsonElement inspected = Tool.Run("inspect", folder.Path("model.safetensors"), "--stats", "--json").OutputJson;
        inspected.GetProperty("tensors").EnumerateArray().Should().NotBeEmpty()
            .And.OnlyContain(tensor => tensor.GetProperty("nan").GetInt32() == 0);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Report_Texts_MeasuresEveryLayerAndWhatTheModelAnswers(Architecture architecture, string head)
    {
        string texts = TinyCheckpoint.Write(folder, architecture: architecture, head: head), page = folder.Path("r.html");
        JsonElement report = TinyCheckpoint.Report(folder, "--texts", texts, "--label", "kind");
        JsonElement[] layers = [.. report.GetProperty("layers").EnumerateArray()];
        layers.Should().HaveCount(1 + Config().GetProperty("num_hidden_layers").GetInt32());
        layers.Should().OnlyContain(layer =>
            layer.GetProperty("snr_db").GetDouble() > 15 && layer.GetProperty("mean_cosine").GetDouble() > 0.98);
        report.TryGetProperty("labels", out _).Should().Be(head == "head-seq");
        bool masked = head.Length == 0 || !ArchitectureTraits.Of(architecture).TransformsMaskedLm;
        report.TryGetProperty("masked_lm", out JsonElement masks).Should().Be(masked);
        if (masked)
            masks.GetProperty("masks").GetInt32().Should().BeGreaterThan(30);
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page, "--texts", texts).Code.Should().Be(0);
        File.ReadAllText(page).Should().Contain(ArchitectureTraits.Of(architecture).Title);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Auto_ATarget_IsKeptAndTheFileVerifies(Architecture architecture, string head)
    {
        string texts = TinyCheckpoint.Write(folder, architecture: architecture, head: head);
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("auto"), "--auto", "0.2%", "--texts", texts, "--json");
        result.Code.Should().Be(0, result.Error);
        JsonElement auto = result.OutputJson.GetProperty("auto"), judged = auto.GetProperty("judged");
        auto.GetProperty("mean_drift").GetDouble().Should().BeLessThanOrEqualTo(0.002);
        judged.GetProperty("mean_drift_bound").GetDouble().Should().BeLessThanOrEqualTo(0.002);
        auto.GetProperty("baselines").GetArrayLength().Should().BeGreaterThanOrEqualTo(8);
        using GauModel model = GauModel.Load(folder.Path("auto"));
        GoldenVectors.Verify(model).Should().OnlyContain(check => check.SameBits);
        Tool.Run(folder.Path("auto"), "--verify-against", folder.Root).Code.Should().Be(0);
    }

    [Fact]
    public void Report_EmbeddingsOfAnotherWidth_NamesTheirProjection()
    {
        string page = folder.Path("r.html");
        Tool.Run(Fixtures.Path("roformer-tiny-e40", "model.safetensors"), "-o", folder.Path("m"), "--report", page)
            .Code.Should().Be(0);
        File.ReadAllText(page).Should().Contain(">E</text>").And.Contain(">P</text>").And.Contain(">MLM</text>")
            .And.NotContain(">head</text>");
    }

    [Fact]
    public void Convert_FewPositions_HasGoldenInputsThatFit()
    {
        // A BERT of 24 positions: the rows of its weight.
        TinyCheckpoint.Write(folder, architecture: Architecture.Bert, head: "head-seq");
        const int Positions = 24;
        Safetensors.Read(folder.Path("model.safetensors"))
            .Cut("bert.embeddings.position_embeddings.weight", Positions).Save(folder.Path("model.safetensors"));
        folder.Write("config.json", ConfigTests.With(Config().GetRawText(), $"\"max_position_embeddings\":{Positions}"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Golden.Select(vector => vector.Ids.Count).Should().Equal(3, 17, Positions);
        using GauModel loaded = GauModel.Load(model.Path);
        GoldenVectors.Verify(loaded).Should().OnlyContain(check => check.SameBits);
    }

    private JsonElement Config() => JsonDocument.Parse(File.ReadAllText(folder.Path("config.json"))).RootElement;
}
