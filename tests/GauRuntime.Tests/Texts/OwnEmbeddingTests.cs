using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>Vectors of models that say how they make them.</summary>
public sealed class OwnEmbeddingTests : IDisposable
{
    private const string Text = "今天天气很好", Prompt = "学习中文：";

    private readonly TemporaryFolder folder = new();
    private readonly List<GauModel> models = [];

    public void Dispose()
    {
        models.ForEach(model => model.Dispose());
        folder.Dispose();
    }

    private static readonly EmbeddingConfig Prompted = TinyModel.Embedding with
    {
        Prompts = [new EmbeddingPrompt("query", Prompt), new EmbeddingPrompt("passage", "")],
    };

    // Math of the test's own, in double; erf by numerical integration.
    public static TheoryData<Activation> Activations =>
    [
        Activation.Tanh, Activation.Identity, Activation.Relu, Activation.Gelu, Activation.Sigmoid, Activation.Swish,
    ];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Embed_DenseLayers_GivesTheFormulas(Activation activation)
    {
        GauModel model = Load(TinyModel.Embedding with
        {
            Poolings = [Pooling.Max, Pooling.Mean],
            Steps = [TinyModel.Dense(7, activation), TinyModel.Normalize, TinyModel.Dense(5, activation, bias: false)],
        });
        double[] x = [.. Plain(model, Pooling.Max).Concat(Plain(model, Pooling.Mean)).Select(value => (double)value)];
        x = [.. Product(model, "embedding.dense.0", x).Select(value => Act(activation, value))];
        double length = Math.Sqrt(x.Sum(value => value * value));
        x = [.. Product(model, "embedding.dense.1", [.. x.Select(value => value / length)])
            .Select(value => Act(activation, value))];
        Close(new GauEmbedder(model).Embed(Text).Vector, x);
    }

    [Fact]
    public void Embed_OwnPooling_NeedsNoOption()
    {
        GauModel model = Load(TinyModel.Embedding with { Poolings = [Pooling.First], Steps = [TinyModel.Normalize] });
        float[] own = new GauEmbedder(model).Embed(Text).Vector.ToArray();
        own.Should().Equal(new GauEmbedder(Load(null), new EmbedderOptions { Pooling = Pooling.First, Normalize = true })
            .Embed(Text).Vector.ToArray());
        own.Should().Equal(new GauEmbedder(model, new EmbedderOptions { Pooling = Pooling.First, Normalize = true })
            .Embed(Text).Vector.ToArray());
    }

    [Fact]
    public void Embed_Dimensions_CutsThenNormalizesAgain()
    {
        GauModel model = Load(TinyModel.Embedding with { Steps = [TinyModel.Dense(9, Activation.Tanh), TinyModel.Normalize] });
        float[] whole = new GauEmbedder(model).Embed(Text).Vector.ToArray();
        float[] cut = new GauEmbedder(model, new EmbedderOptions { Dimensions = 4 }).Embed(Text).Vector.ToArray();
        double length = Math.Sqrt(whole.Take(4).Sum(value => (double)value * value));
        Close(cut, [.. whole.Take(4).Select(value => value / length)]);
        FluentActions.Invoking(() => new GauEmbedder(model, new EmbedderOptions { Dimensions = 10 }))
            .Should().Throw<ArgumentException>().WithMessage("10 dimensions: the model has 9");
    }

    [Fact]
    public void Embed_ManyOrOne_SameBits()
    {
        GauModel model = Load(Prompted with
        {
            Poolings = [Pooling.WeightedMean, Pooling.MeanSqrtLenTokens], IncludePrompt = false, DefaultPrompt = "query",
            Steps = [TinyModel.Dense(9, Activation.Gelu), TinyModel.Dense(4, Activation.Sigmoid), TinyModel.Normalize],
        });
        GauEmbedder embedder = new(model);
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => string.Concat(Enumerable.Repeat("明天下雨了吗", i)))];
        IReadOnlyList<TextEmbedding> many = embedder.Embed(texts);
        for (int i = 0; i < texts.Length; i++)
            many[i].Vector.ToArray().Should().Equal(embedder.Embed(texts[i]).Vector.ToArray());
    }

    [Fact]
    public void Embed_WithLayersAndPrompt_AllocatesNothing()
    {
        GauEmbedder embedder = new(Load(Prompted with
        {
            Poolings = [Pooling.First, Pooling.WeightedMean], IncludePrompt = false, DefaultPrompt = "query",
            Steps = [TinyModel.Dense(9, Activation.Gelu), TinyModel.Normalize, TinyModel.Dense(8, Activation.Tanh)],
        }));
        float[] vector = new float[embedder.Dimensions];
        string[] texts = ["", Text, "明天下雨了，不去公园。明天下雨了，不去公园。"];
        Allocation.Least(0, () =>
        {
            foreach (string text in texts)
                embedder.Embed(text, vector);
            embedder.Embed(Text, "明天", vector);
        }).Should().Be(0);
    }

    [Fact]
    public void Embed_Prompt_StandsInFrontOfTheText()
    {
        GauModel model = Load(Prompted), plain = Load(null);
        float[] expected = Plain(plain, Pooling.Mean, Prompt + Text);
        Vector(model, new EmbedderOptions { Prompt = "query" }).Should().Equal(expected);
        Vector(model, new EmbedderOptions { Prefix = Prompt }).Should().Equal(expected);
        Vector(plain, new EmbedderOptions { Prefix = Prompt }).Should().Equal(expected);
        Vector(model, new EmbedderOptions { Prompt = "passage" }).Should().Equal(Plain(plain, Pooling.Mean));
        Vector(model, new EmbedderOptions()).Should().Equal(Plain(plain, Pooling.Mean));
        float[] pair = new GauEmbedder(model, new EmbedderOptions { Prompt = "query" }).Embed(Text, "明天").Vector.ToArray();
        pair.Should().Equal(new GauEmbedder(plain).Embed(Prompt + Text, "明天").Vector.ToArray());
    }

    [Fact]
    public void Embed_DefaultPrompt_IsTakenUnlessAnotherOrNoneIsAskedFor()
    {
        GauModel model = Load(Prompted with { DefaultPrompt = "query" }), plain = Load(null);
        Vector(model, new EmbedderOptions()).Should().Equal(Plain(plain, Pooling.Mean, Prompt + Text));
        Vector(model, new EmbedderOptions { Prompt = "passage" }).Should().Equal(Plain(plain, Pooling.Mean));
        Vector(model, new EmbedderOptions { Prefix = "" }).Should().Equal(Plain(plain, Pooling.Mean));
    }

    [Fact]
    public void Embed_PromptIsNotPooled_MeansTheTokensBehindIt()
    {
        GauModel model = Load(Prompted with { IncludePrompt = false, Poolings = [Pooling.Mean, Pooling.First] });
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        EncodedText encoded = new();
        model.Tokenizer.Encode(Prompt + Text, encoded);
        batch.Add(encoded.Ids);
        GauEncoder.Forward(model, batch, workspace);
        int first = 1 + Prompt.Length, count = encoded.Ids.Length - first;   // a token for each character
        double[] mean = new double[16];
        for (int token = first; token < encoded.Ids.Length; token++)
            for (int i = 0; i < mean.Length; i++)
                mean[i] += workspace.Hidden(token)[i] / (double)count;
        Close(Vector(model, new EmbedderOptions { Prompt = "query" }),
            [.. mean, .. workspace.Hidden(first).ToArray().Select(value => (double)value)]);
    }

    [Fact]
    public void Embed_EmptyTextBehindAPrompt_IsSaidToBeEmpty()
    {
        GauEmbedder embedder = new(Load(Prompted), new EmbedderOptions { Prompt = "query" });
        TextInfo info = embedder.Embed("").Text;
        (info.IsEmpty, info.Tokens).Should().Be((true, Prompt.Length + 2));
        embedder.Embed(Text).Text.IsEmpty.Should().BeFalse();
    }

    [Fact]
    public void Embed_LimitOfTheModel_CutsAndSaysSo()
    {
        GauModel model = Load(TinyModel.Embedding with { MaxTokens = 5 });
        TextEmbedding cut = new GauEmbedder(model).Embed(Text);
        (cut.Text.Tokens, cut.Text.Truncated).Should().Be((5, true));
        TextEmbedding whole = new GauEmbedder(model, new EmbedderOptions { MaxTokens = 64 }).Embed(Text);
        (whole.Text.Tokens, whole.Text.Truncated).Should().Be((8, false));
    }

    public static TheoryData<EmbedderOptions, string> Contradictions => new()
    {
        { new EmbedderOptions { Pooling = Pooling.Max }, "pooling max, but the model says pooling mean, dense 9 tanh, normalize: leave it out, or force it*" },
        { new EmbedderOptions { Normalize = false }, "vectors that are not normalized, but the model says pooling mean, dense 9 tanh, normalize*" },
        { new EmbedderOptions { ForcePooling = true }, "no pooling to force*" },
        { new EmbedderOptions { Prompt = "queries" }, "prompt 'queries': the model has query, passage" },
        { new EmbedderOptions { Prompt = "query", Prefix = "x" }, "a prompt and a prefix: only one of them*" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Embedder_OptionsThatContradictTheModel_AreRefused(EmbedderOptions options, string reason)
    {
        GauModel model = Load(Prompted with { Steps = [TinyModel.Dense(9, Activation.Tanh), TinyModel.Normalize] });
        FluentActions.Invoking(() => new GauEmbedder(model, options)).Should().Throw<ArgumentException>()
            .WithMessage(reason);
    }

    [Fact]
    public void Embedder_OfAModelThatSaysNothing_RefusesPromptAndForce()
    {
        GauModel model = Load(null);
        FluentActions.Invoking(() => new GauEmbedder(model, new EmbedderOptions { Prompt = "query" }))
            .Should().Throw<ArgumentException>().WithMessage("prompt 'query': the model has no prompts*");
        FluentActions.Invoking(
            () => new GauEmbedder(model, new EmbedderOptions { Pooling = Pooling.Max, ForcePooling = true }))
            .Should().Throw<ArgumentException>().WithMessage("the model does not say how it pools*");
    }

    [Fact]
    public void Embed_ForcedPooling_LeavesTheLayersOut()
    {
        GauModel model = Load(Prompted with { Steps = [TinyModel.Dense(9, Activation.Tanh), TinyModel.Normalize] });
        Vector(model, new EmbedderOptions { Pooling = Pooling.Max, ForcePooling = true })
            .Should().Equal(Plain(Load(null), Pooling.Max));
        float[] raw = Vector(model, new EmbedderOptions { Normalize = false, ForcePooling = true });
        double length = Math.Sqrt(raw.Sum(value => (double)value * value));
        length.Should().NotBeApproximately(1, 0.01);
        Close(Vector(model, new EmbedderOptions()), [.. raw.Select(value => value / length)]);
    }

    [Fact]
    public void Verify_OwnLayers_AreInTheBits()
    {
        EmbeddingConfig embedding = TinyModel.Embedding with { Steps = [TinyModel.Dense(9, Activation.Tanh)] };
        string one = GoldenVectors.Compute(Load(embedding), Load(embedding))[0].Bits;
        string other = GoldenVectors.Compute(Load(null), Load(null))[0].Bits;
        one.Should().NotBe(other);
        GauModel model = Load(embedding);
        GoldenVectors.Compute(model, model)[0].Bits.Should().Be(one);
    }

    private static float[] Vector(GauModel model, EmbedderOptions options) =>
        new GauEmbedder(model, options).Embed(Text).Vector.ToArray();

    private static float[] Plain(GauModel model, Pooling pooling, string text = Text)
    {
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        EncodedText encoded = new();
        model.Tokenizer.Encode(text, encoded);
        batch.Add(encoded.Ids);
        GauEncoder.Forward(model, batch, workspace);
        float[] vector = new float[model.Config.HiddenSize];
        Pooler.Pool(workspace, batch, 0, pooling, vector);
        return vector;
    }

    private static double[] Product(GauModel model, string name, double[] x)
    {
        TensorSpec[] specs = [.. ModelTensors.For(model.File.Description).Where(s => s.Name == name || s.Name == name + ".bias")];
        float[] w = Read(model, specs[0]), b = specs.Length > 1 ? Read(model, specs[1]) : new float[specs[0].Rows];
        return [.. Enumerable.Range(0, specs[0].Rows).Select(
            row => b[row] + x.Select((value, i) => value * w[row * x.Length + i]).Sum())];
    }

    private static float[] Read(GauModel model, TensorSpec spec)
    {
        float[] w = new float[spec.Rows * spec.Columns];
        LogicalWeights.Read(model.File, spec, w);
        return w;
    }

    private static double Act(Activation activation, double x) => activation switch
    {
        Activation.Tanh => Math.Tanh(x),
        Activation.Relu => Math.Max(x, 0),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Swish => x / (1 + Math.Exp(-x)),
        Activation.Gelu => x * NormalDistribution(x),
        _ => x,
    };

    // Φ(x) by Simpson's rule.
    private static double NormalDistribution(double x)
    {
        const int steps = 2000;
        double h = x / steps, sum = 0;
        for (int i = 0; i <= steps; i++)
            sum += Math.Exp(-h * i * h * i / 2) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
        return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    private static void Close(ReadOnlyMemory<float> vector, double[] expected)
    {
        vector.Length.Should().Be(expected.Length);
        for (int i = 0; i < expected.Length; i++)
            ((double)vector.Span[i]).Should().BeApproximately(expected[i], 1e-5, "number {0}", i);
    }

    private GauModel Load(EmbeddingConfig? embedding)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        TinyModel.Write(path, TinyModel.NoHead, embedding: embedding);
        models.Add(GauModel.Load(path));
        return models[^1];
    }
}
