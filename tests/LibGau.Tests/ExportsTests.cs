using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.LibGau.Tests;

/// <summary>The functions themselves, called in this process.</summary>
public sealed unsafe class ExportsTests
{
    private static readonly string Header = File.ReadAllText(
        Path.Combine(Fixtures.Root, "tools", "LibGau", "gau.h"));

    [Theory]
    [InlineData("GAU_OK", ExitCode.Ok)]
    [InlineData("GAU_USAGE", ExitCode.Usage)]
    [InlineData("GAU_MALFORMED", ExitCode.MalformedInput)]
    [InlineData("GAU_MISSING", ExitCode.InputMissing)]
    [InlineData("GAU_UNSUPPORTED", ExitCode.Unsupported)]
    [InlineData("GAU_INTERNAL", ExitCode.Internal)]
    [InlineData("GAU_IO", ExitCode.InputOutput)]
    [InlineData("GAU_BAD_MODEL", Status.BadModel)]
    [InlineData("GAU_TOO_SMALL", Status.TooSmall)]
    [InlineData("GAU_NOT_UTF8", Status.NotUtf8)]
    [InlineData("GAU_NO_ANSWER", Status.NoAnswer)]
    public void Header_Codes_AreThoseOfTheLibrary(string name, int code)
    {
        Header.Should().MatchRegex($@"\b{name} = {code}\b");
        File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "c-api.md")).Should().Contain($"| `{name}` | {code} |");
    }

    [Fact]
    public void Fault_OfTheSystem_IsInternalAndNotOfTheMachine()
    {
        const int TooManyOpen = 24;   // EMFILE
        Exception[] faults =
        [
            new IOException("no", TooManyOpen), new InsufficientMemoryException(),
            new InvalidOperationException("no", new InsufficientMemoryException()),
        ];
        faults.Select(Status.Of).Should().AllBeEquivalentTo(ExitCode.Internal);
        Status.Of(new PlatformNotSupportedException("GAU_ISA")).Should().Be(ExitCode.Unsupported);
    }

    [Fact]
    public void ScoreAndEmbed_OnceWarm_AllocateNothing()
    {
        delegate* unmanaged<ulong*, int> load = &Exports.LoadDefault;
        delegate* unmanaged<ulong, int> free = &Exports.Free;
        ulong loaded;
        load(&loaded).Should().Be(0);
        ulong model = loaded;
        Score(model, 300).Should().Be(0);
        int codes = 0;
        Allocation.Least(0, () =>
        {
            for (int length = 1; length <= 300; length += 23)
                codes |= Score(model, length);
        }).Should().Be(0);
        codes.Should().Be(0);
        free(model).Should().Be(0);
        free(model).Should().Be(Status.BadModel);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Heads_OfAllKinds_GiveTheAnswersOfTheLibrary(Architecture architecture)
    {
        using TemporaryFolder folder = new();
        string[] texts = ["😀今天下雨", "天气", "a"];
        string Write(HeadKind kind, params string[] labels)
        {
            string path = folder.Path($"{kind}.safetensors");
            TinyModel.Write(path, TinyModel.HeadOf(architecture, kind) with { Labels = labels }, architecture: architecture);
            return path;
        }

        string tokens = Write(HeadKind.TokenClassification, "O", "B-x", "I-x", "p");
        string choices = Write(HeadKind.MultipleChoice), questions = Write(HeadKind.QuestionAnswering);
        using GauModel tokenModel = GauModel.Load(tokens), choiceModel = GauModel.Load(choices);
        using GauModel questionModel = GauModel.Load(questions);
        string classes = Write(HeadKind.SequenceClassification, "a", "b", "c"), masks = Write(HeadKind.MaskedLm);
        using GauModel labelModel = GauModel.Load(classes), maskModel = GauModel.Load(masks);
        NativeHeads.Filled(masks, "今[MASK]雨", 5).Tokens.Select(token => (token.Token, token.Probability)).Should().Equal(
            new GauFillMask(maskModel).Fill("今[MASK]雨").Masks.Single().Tokens
                .Select(token => (Id(maskModel, token.Token), token.Probability)));
        NativeHeads.Filled(classes, "今[MASK]雨", 5).Code.Should().Be(
            labelModel.Config.HasMaskedLm ? 0 : ExitCode.Usage);
        GauTokenClassifier classifier = new(tokenModel);
        foreach (string text in texts)
        {
            NativeHeads.Labels(classes, text, 3).Should().Equal(new GauClassifier(labelModel).Classify(text).Values.ToArray());
            CodePointOffsets offsets = new(text);
            List<(string, int, int, float)> expected = [];
            foreach (TextEntity entity in classifier.Classify(text).Entities)
                expected.Add((entity.Label, offsets.At(entity.Start), offsets.At(entity.End), entity.Score));
            NativeEntity[] found = NativeHeads.Entities(tokens, text);
            found.Select(e => (classifier.Labels[e.Label], e.Start, e.End, e.Score)).Should().Equal(expected);
            NativeHeads.Probabilities(choices, text, texts).Should().Equal(
                new GauMultipleChoice(choiceModel).Choose(text, texts).Probabilities.ToArray());
            TextAnswer answer = new GauQuestionAnswering(questionModel).Answer("今天", text);
            offsets = new CodePointOffsets(text);
            NativeHeads.Span(questions, "今天", text).Should().Be(
                (1, offsets.At(answer.Start), offsets.At(answer.End), answer.Score));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Rerank_ManyCandidates_GivesTheScoresOfTheLibrary(Architecture architecture)
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("cross.safetensors"), other = folder.Path("other.safetensors");
        TinyModel.Write(path, TinyModel.CrossEncoderOf(architecture), architecture: architecture);
        TinyModel.Write(other, TinyModel.Sequence);
        string[] candidates = [.. Enumerable.Range(0, 100).Select(i => new string('天', 1 + i % 9) + (i % 3 == 0 ? "雨" : ""))];
        using GauModel model = GauModel.Load(path);
        foreach (bool raw in (bool[])[false, true])
        {
            IReadOnlyList<PairScore> expected =
                new GauReranker(model, rawLogits: raw).Score(
                    [.. candidates.Select(text => ("今天", text))], cancel: TestContext.Current.CancellationToken);
            (int code, float[] scores, int tokens) = NativeHeads.Scores(path, "今天", candidates, raw);
            code.Should().Be(0);
            scores.Should().Equal(expected.Select(pair => pair.Score));
            tokens.Should().Be(expected.Sum(pair => pair.Text.Tokens));
            NativeHeads.Scores(other, "今天", candidates, raw).Code.Should().Be(ExitCode.Usage);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Embed_ModelThatSaysHow_DoesSoAndRefusesWhatContradictsIt(Architecture architecture)
    {
        using TemporaryFolder folder = new();
        string own = folder.Path("own"), plain = folder.Path("plain"), text = "今天天气很好";
        TinyModel.Write(plain, TinyModel.NoHead, architecture: architecture);
        TinyModel.Write(own, TinyModel.NoHead, architecture: architecture, embedding: TinyModel.Embedding with
        {
            Poolings = [Pooling.First], Steps = [TinyModel.Dense(6, Activation.Tanh), TinyModel.Normalize], MaxTokens = 5,
            Prompts = [new EmbeddingPrompt("query", "学习")], DefaultPrompt = "query",
        });
        using GauModel model = GauModel.Load(own), plainModel = GauModel.Load(plain);
        float[] expected = new GauEmbedder(model).Embed(text).Vector.ToArray();
        NativeHeads.Vector(own, text, -1, normalize: false).Vector.Should().Equal(expected);
        NativeHeads.Vector(own, text, 0, normalize: true).Vector.Should().Equal(expected);
        NativeHeads.Vector(own, text, 1, normalize: true).Code.Should().Be(ExitCode.Usage);
        NativeHeads.Vector(plain, text, -1, normalize: false).Vector.Should().Equal(
            new GauEmbedder(plainModel).Embed(text).Vector.ToArray());
        (int Number, Pooling Pooling)[] poolings =
            [(3, Pooling.Last), (4, Pooling.MeanSqrtLenTokens), (5, Pooling.WeightedMean)];
        foreach ((int number, Pooling pooling) in poolings)
            NativeHeads.Vector(plain, text, number, normalize: false).Vector.Should().Equal(
                new GauEmbedder(plainModel, new EmbedderOptions { Pooling = pooling }).Embed(text).Vector.ToArray());
    }

    [Theory]
    [InlineData("query", "")]
    [InlineData("none", "")]
    [InlineData(null, "学习：")]
    [InlineData(null, "")]
    public void EmbedPromptAndPrefix_PutItInFrontAsTheLibraryDoes(string? prompt, string prefix)
    {
        using TemporaryFolder folder = new();
        string own = folder.Path("own"), text = "今天天气很好";
        TinyModel.Write(own, TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Steps = [TinyModel.Dense(6, Activation.Tanh)], IncludePrompt = false,
            Prompts = [new EmbeddingPrompt("query", "公园："), new EmbeddingPrompt("none", ""), new EmbeddingPrompt("usual", "好")],
            DefaultPrompt = "usual",
        });
        using GauModel model = GauModel.Load(own);
        float[] expected = new GauEmbedder(model, prompt is null
            ? new EmbedderOptions { Prefix = prefix }
            : new EmbedderOptions { Prompt = prompt }).Embed(text).Vector.ToArray();
        (int code, float[] vector) = NativeHeads.VectorBehind(own, text, prompt, prefix);
        code.Should().Be(0);
        vector.Should().Equal(expected);
        vector.Should().NotEqual(NativeHeads.Vector(own, text, -1, normalize: false).Vector, "that is behind the usual prompt");
        NativeHeads.VectorBehind(own, text, "other", "").Code.Should().Be(ExitCode.Usage);
    }

    private static int Id(GauModel model, string token) => model.File.Description.Vocabulary.ToList().IndexOf(token);

    // Both functions on a pair of so many bytes.
    private static int Score(ulong model, int length)
    {
        delegate* unmanaged<ulong, NativeText*, float*, nuint, nuint*, NativeTextInfo*, int> score = &Exports.Score;
        delegate* unmanaged<ulong, NativeText*, int, int, float*, nuint, nuint*, NativeTextInfo*, int> embed =
            &Exports.Embed;
        byte* bytes = stackalloc byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)(i % 2 == 0 ? 'a' : ' ');
        float* floats = stackalloc float[2048];
        NativeText text = new() { Text = bytes, TextLength = (nuint)length, Pair = bytes, PairLength = (nuint)length };
        NativeTextInfo info;
        nuint count;
        return score(model, &text, floats, 2048, &count, &info)
            | embed(model, &text, 1, 1, floats, 2048, &count, &info);
    }
}
