using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>A masked-LM matrix that is stored beside the word embedding: tied, or kept and used.</summary>
public sealed class DecoderTests
{
    private const string Word = "gau_alpha.embeddings.word_embeddings.weight";
    private const string Decoder = "cls.predictions.decoder.weight";

    [Theory]
    [InlineData("")]
    [InlineData("\"tie_word_embeddings\":null")]
    [InlineData("\"tie_word_embeddings\":false")]
    public void Decoder_DiffersFromTheEmbedding_GivesTheMaskedLmItsLogits(string member)
    {
        Safetensors file = Untied();
        using TemporaryFolder folder = file.Folder(Safetensors.Config(member));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--type", "f32");
        result.Error.Should().Contain("the masked LM has a matrix of its own, " + Decoder);
        using GauModel model = GauModel.Load(folder.Path("m"));
        GauBatch batch = new();
        batch.Add([2, 4, 6, 3]);
        using GauWorkspace workspace = new(model);
        GauEncoder.Forward(model, batch, workspace);
        float[] logits = new float[Safetensors.V];
        MaskedLmHead.Logits(model, workspace, [1], logits);
        float[] x = workspace.Hidden(1).ToArray(), w = file.Values(Decoder);
        for (int token = 0; token < logits.Length; token++)   // x Wᵀ in float64
        {
            double expected = x.Select((value, i) => (double)value * w[token * Safetensors.H + i]).Sum();
            logits[token].Should().BeApproximately((float)expected, 2e-5f);
        }
        GoldenVectors.Verify(model).Should().OnlyContain(check => check.SameBits);
    }

    [Fact]
    public void Decoder_OfItsOwn_IsStoredAsTheMatricesAreAndComparedWithItsCheckpoint()
    {
        using TemporaryFolder folder = Untied().Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--block", "32", "--json");
        result.OutputJson.GetProperty("tensors").EnumerateArray()
            .Where(tensor => tensor.GetProperty("type").GetString() == "int8")
            .Select(tensor => tensor.GetProperty("name").GetString()).Should().Contain(ModelTensors.Decoder);
        Tool.Run(folder.Path("m"), "--verify-against", folder.Root).Code.Should().Be(0);
        using TemporaryFolder tied = Safetensors.Gau().Folder();
        Tool.Run(folder.Path("m"), "--verify-against", tied.Root).Output.Should().Contain("only in the first");
    }

    [Fact]
    public void Decoder_OfItsOwn_TakesPartInTheSearchAndInReports()
    {
        using TemporaryFolder folder = Untied().Folder();
        string texts = folder.Write("texts.txt", string.Concat(Enumerable.Repeat("a b c a b c a b c a b\nb c a c b a b c a c b\n", 4)));
        ToolResult auto = Tool.Run(
            folder.Root, "-o", folder.Path("m"), "--auto", "0%", "--texts", texts, "--report", folder.Path("r.html"));
        auto.Code.Should().Be(0, auto.Error);
        File.ReadAllText(folder.Path("r.html")).Should().Contain(ModelTensors.Decoder).And.Contain(">decoder<");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Config.UntiedDecoder.Should().BeTrue();
    }

    [Theory]
    [InlineData("\"x\":0")]
    [InlineData("\"tie_word_embeddings\":true")]
    [InlineData("\"tie_word_embeddings\":false")]
    public void Decoder_EqualsTheEmbedding_IsTied(string member)
    {
        Safetensors file = Untied();
        file.Values(Word).CopyTo(file.Values(Decoder), 0);
        using TemporaryFolder folder = file.Folder(Safetensors.Config(member)), tied = Safetensors.Gau().Folder();
        using ModelFileReader model = Tool.Convert(folder, folder.Root), other = Tool.Convert(tied, tied.Root);
        model.Description.Config.UntiedDecoder.Should().BeFalse();
        model.Hash.Should().Be(other.Hash);
    }

    [Fact]
    public void Decoder_AgainstTheConfiguration_IsRefused()
    {
        using TemporaryFolder untied = Untied().Folder(Safetensors.Config("\"tie_word_embeddings\":true"));
        ToolResult result = Tool.Run(untied.Root, "-o", untied.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("config.json: tie_word_embeddings: true, but " + Decoder)
            .And.Contain("differs from the word embedding");
        using TemporaryFolder missing = Safetensors.Gau().Folder(Safetensors.Config("\"tie_word_embeddings\":false"));
        result = Tool.Run(missing.Root, "-o", missing.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("config.json: tie_word_embeddings: false, but ")
            .And.Contain("has no masked-LM matrix beside the word embedding");
    }

    [Theory]
    [InlineData("bert-tiny", "BertModel", 0)]
    [InlineData("roformer-tiny", "RoFormerModel", 0)]
    [InlineData("bert-tiny", "BertForMaskedLM", 65)]
    public void Decoder_MissingAndUntied_IsAFaultOfAMaskedLmAlone(string fixture, string architecture, int code)
    {
        using TemporaryFolder folder = Family(
            fixture, architecture, Safetensors.Read(Fixtures.Path(fixture, "model.safetensors"))
                .Only(name => architecture.EndsWith("LM", StringComparison.Ordinal)
                    ? name != Decoder : !name.StartsWith("cls.", StringComparison.Ordinal)));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(code, result.Error);
        result.Error.Contains("tie_word_embeddings: false, but").Should().Be(code != 0);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 65)]
    public void Bias_UnderBothOfItsNames_MustBeTheSame(bool other, int code)
    {
        const string bias = "cls.predictions.bias", second = "cls.predictions.decoder.bias";
        Safetensors file = Safetensors.Read(Fixtures.Path("bert-tiny", "model.safetensors")).Remove(second);
        float[] values = file.Values(bias);
        file.Add(second, values.Length);
        values.CopyTo(file.Values(second), 0);
        if (other)
            file.Values(second)[^1] += 1;
        using TemporaryFolder folder = Family("bert-tiny", "BertForMaskedLM", file, tied: true);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(code, result.Error);
        result.Error.Contains($"{second}: it differs from {bias}").Should().Be(other);
    }

    [Fact]
    public void Decoder_OfAnotherShapeOrNotFinite_IsRefused()
    {
        using TemporaryFolder folder = Safetensors.Gau().Add(Decoder, 7, 8).Folder();
        Tool.Run(folder.Root, "-o", folder.Path("m")).Error.Should().Contain(
            Decoder + ": shape [7, 8], but the configuration says [8, 8]");
        Safetensors bad = Untied();
        bad.Values(Decoder)[9] = float.NaN;
        using TemporaryFolder other = bad.Folder();
        Tool.Run(other.Root, "-o", other.Path("m")).Error.Should().Contain(Decoder + ": element 9 [1, 1] is NaN");
    }

    [Fact]
    public void Decoder_BesideAClassifier_IsKept()
    {
        Safetensors file = Untied().Add("classifier.weight", 3, 8).Add("classifier.bias", 3);
        using TemporaryFolder folder = file.Folder(
            Safetensors.Config("\"architectures\":[\"GAUAlphaForSequenceClassification\"]"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Config.UntiedDecoder.Should().BeTrue();
        model.Description.Head.Labels.Should().HaveCount(3);
    }

    [Fact]
    public void Decoder_OfATiedClassifier_IsLeftOutAndListed()
    {
        Safetensors file = Untied().Add("classifier.weight", 3, 8).Add("classifier.bias", 3);
        using TemporaryFolder folder = file.Folder(Safetensors.Config(
            "\"architectures\":[\"GAUAlphaForSequenceClassification\"],\"tie_word_embeddings\":true"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("left out: " + Decoder);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Config.UntiedDecoder.Should().BeFalse();
    }

    [Theory]
    [InlineData("cls.predictions.bias", 0f, 0)]
    [InlineData("cls.predictions.decoder.bias", 0f, 0)]
    [InlineData("cls.predictions.bias", 0.5f, 65)]
    [InlineData("loss_fct.weight", 0.5f, 0)]
    [InlineData("n_averaged", 0.5f, 0)]
    public void Tensor_ThatAddsNothing_IsIgnoredAndListed(string name, float value, int code)
    {
        Safetensors file = Safetensors.Gau().Add(name, 8);
        file.Values(name).AsSpan().Clear();
        file.Values(name)[7] = value;
        using TemporaryFolder folder = file.Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(code, result.Error);
        result.Error.Should().Contain(code == 0 ? $"ignored: {name}" : $"{name}: the configuration");
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(1, 2)]
    public void Search_DrawsItsHalvesAmongTextsWithSomethingToMeasure(int texts, int code)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        string lines = string.Concat(Enumerable.Repeat("a\n", 20))
            + string.Concat(Enumerable.Repeat("a b c a b c a b c a b\n", texts));
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("m"), "--auto", "50%", "--texts", folder.Write("texts.txt", lines), "--json");
        result.Code.Should().Be(code, result.Error);
        if (code == 0)
            result.OutputJson.GetProperty("auto").GetProperty("judged").GetProperty("texts").GetInt32().Should().Be(texts / 2);
        else
            result.Error.Should().Contain("--auto needs two texts or more that something can be measured on");
    }

    private static TemporaryFolder Family(string fixture, string architecture, Safetensors file, bool tied = false) =>
        file.Folder(
            ConfigTests.With(
                File.ReadAllText(Fixtures.Path(fixture, "config.json")),
                $"\"architectures\":[\"{architecture}\"],\"tie_word_embeddings\":{(tied ? "true" : "false")}"),
            File.ReadAllText(Fixtures.Path(fixture, "vocab.txt")));

    private static Safetensors Untied() => Safetensors.Gau().Add(Decoder, 8, 8);
}
