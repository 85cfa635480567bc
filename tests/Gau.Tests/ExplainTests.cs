using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Cli.Explain;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed partial class ExplainTests : IDisposable
{
    private const string Hostile = "<script>alert('x')</script> \"q\" & &lt; مرحبا שלום 😀 \u202eabc\u001b[0m 今天天气";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<Architecture, ProblemType> Problems()
    {
        TheoryData<Architecture, ProblemType> data = [];
        foreach (ArchitectureTraits entry in ArchitectureTraits.All)
            foreach (ProblemType problem in Enum.GetValues<ProblemType>())
                data.Add(entry.Architecture, problem);
        return data;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Explain_Drop_IsTheScoreOfTheTextWithoutTheCharacters(Architecture architecture, ProblemType problem)
    {
        string model = Model(problem, architecture);
        const string Text = "今天天气很好，hello 3次";
        JsonElement json = Explain(model, Text, "--occlusion", "drop");
        JsonElement whole = Score(model, Text);
        JsonElement[] tokens = [.. json.GetProperty("tokens").EnumerateArray()];
        int checkedTokens = 0;
        foreach (JsonElement token in tokens.Where(t => t.TryGetProperty("without", out _)))
        {
            int start = token.GetProperty("start").GetInt32(), end = token.GetProperty("end").GetInt32();
            JsonElement scored = Score(model, Text.Remove(start, end - start));
            float without = token.GetProperty("without").GetSingle();
            without.Should().Be(Number(scored, json));
            token.GetProperty("change").GetDouble().Should().Be((double)without - Number(whole, json));
            checkedTokens++;
        }
        checkedTokens.Should().Be(tokens.Length - 2);
        Number(json, json).Should().Be(Number(whole, json));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("很好天气")]
    public void Explain_Mask_IsTheScoreOfTheTextWithMasks(string? pair)
    {
        string path = Model(ProblemType.SingleLabel);
        const string Text = "今天天气很好";
        JsonElement json = pair is null ? Explain(path, Text) : Explain(path, Text, "--pair", pair);
        using GauModel model = GauModel.Load(path);
        using GauWorkspace workspace = new(model);
        int best = model.Head.Labels.ToList().IndexOf(json.GetProperty("label").GetString()!), masked = 0;
        foreach (JsonElement token in json.GetProperty("tokens").EnumerateArray())
        {
            if (!token.TryGetProperty("without", out JsonElement without))
                continue;
            int start = token.GetProperty("start").GetInt32();
            bool inPair = token.TryGetProperty("pair", out _);
            EncodedText encoded = new();
            string Masked(string whole) => whole.Remove(start, 1).Insert(start, "[MASK]");
            if (pair is null)
                model.Tokenizer.Encode(Masked(Text), encoded, parseSpecial: true);
            else
                model.Tokenizer.EncodePair(
                    inPair ? Text : Masked(Text), inPair ? Masked(pair) : pair, encoded, model.Head.Segments,
                    parseSpecial: true);
            GauBatch batch = new();
            batch.Add(encoded.Ids, encoded.Segments);
            GauEncoder.Forward(model, batch, workspace);
            float[] logits = new float[model.Head.Labels.Count];
            ClassifierHead.SequenceLogits(model, workspace, batch, 0, logits);
            Probabilities.Softmax(logits);
            without.GetSingle().Should().Be(logits[best]);
            masked++;
        }
        masked.Should().Be(Text.Length + (pair?.Length ?? 0));
    }

    [Fact]
    public void Explain_Attention_SumsToOneInEveryRow()
    {
        JsonElement json = Explain(Model(ProblemType.SingleLabel), Hostile);
        int n = json.GetProperty("tokens").GetArrayLength();
        JsonElement[] layers = [.. json.GetProperty("attention").EnumerateArray()];
        layers.Should().HaveCount(2);
        foreach (JsonElement layer in layers)
        {
            layer.GetArrayLength().Should().Be(n);
            foreach (JsonElement row in layer.EnumerateArray())
            {
                row.GetArrayLength().Should().Be(n);
                row.EnumerateArray().Sum(w => w.GetDouble()).Should().BeApproximately(1, 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Explain_Heads_AreTheirMean(Architecture architecture)
    {
        string model = Model(ProblemType.SingleLabel, architecture);
        JsonElement json = Explain(model, "今天天气");
        using GauModel loaded = GauModel.Load(model);
        using GauWorkspace workspace = new(loaded) { Maps = new AttentionMaps() };
        EncodedText encoded = new();
        loaded.Tokenizer.Encode("今天天气", encoded);
        GauBatch batch = new();
        batch.Add(encoded.Ids);
        GauEncoder.Forward(loaded, batch, workspace);
        int heads = loaded.Config.HeadCount;
        float[] a = workspace.Maps.Row(1, 0, 2).ToArray(), b = workspace.Maps.Row(1, heads - 1, 2).ToArray();
        json.GetProperty("heads").GetInt32().Should().Be(heads);
        heads.Should().Be(loaded.Config.Traits.OneHead ? 1 : 2);
        a.SequenceEqual(b).Should().Be(heads == 1);
        json.GetProperty("attention")[1][2].EnumerateArray().Select(w => w.GetSingle())
            .Should().Equal(heads == 1 ? a : a.Zip(b, (x, y) => x / 2 + y / 2));
        Page(model, "今天天气").Should().Contain(
            heads == 1 ? "A gated attention unit has one head." : "It is the mean of the 2 heads.");
    }

    [Fact]
    public void Explain_HostileText_IsTextAndNothingElse()
    {
        string page = Page(Model(ProblemType.SingleLabel), Hostile, "--pair", "a<b>\"'");
        page.Should().NotContain("<script").And.NotContain("alert('").And.NotContain("\u001b");
        string[] passages = [.. Passage().Matches(page).Select(m => WebUtility.HtmlDecode(Tag().Replace(m.Groups[1].Value, "")))];
        passages.Should().Equal(Hostile.Replace('\u001b', '\u241b'), "a<b>\"'");
        // Nothing is loaded from elsewhere, and nothing runs; nor would the browser let it.
        page.Should().Contain("default-src 'none'");
        page.Should().NotContainAny("http:", "https:", "src=", "url(", "@import", "onload", "onerror", "javascript:");
        Link().Matches(page).Select(m => m.Groups[1].Value).Should().NotBeEmpty().And.OnlyContain(
            link => link.StartsWith('#') || link.StartsWith("data:image/png;base64,", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_LabelsOfTheModel_AreEscaped()
    {
        string model = folder.Path("m.safetensors");
        TinyModel.Write(model, TinyModel.Sequence with { Labels = ["<b>x", "</title>", "&amp;"] });
        Page(model, "今天").Should().NotContain("<b>x").And.Contain("&lt;b&gt;x").And.Contain("&lt;/title&gt;")
            .And.Contain("&amp;amp;");
    }

    [Fact]
    public void Explain_Images_AreTheMaps()
    {
        string model = Model(ProblemType.SingleLabel);
        JsonElement layer = Explain(model, "今天天气很好").GetProperty("attention")[1];
        string url = Link().Matches(Page(model, "今天天气很好")).Select(m => m.Groups[1].Value)
            .Where(link => link.StartsWith("data:", StringComparison.Ordinal)).ElementAt(1);
        byte[] png = System.Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        int data = png.AsSpan().IndexOf("IDAT"u8) + 4, n = layer.GetArrayLength();
        using ZLibStream zlib = new(new MemoryStream(png[data..]), CompressionMode.Decompress);
        byte[] points = new byte[n * (n + 1)];
        zlib.ReadExactly(points);
        double greatest = layer.EnumerateArray().Max(r => r.EnumerateArray().Max(w => w.GetDouble()));
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                points[i * (n + 1) + 1 + j].Should().BeCloseTo(
                    (byte)Math.Round(255 * Math.Sqrt(layer[i][j].GetDouble() / greatest)), 1);
    }

    [Fact]
    public void Explain_LongText_SaysWhatWasCut()
    {
        string model = Model(ProblemType.SingleLabel), text = string.Concat(Enumerable.Repeat("今天天气", 5));
        string page = Page(model, text, "--max-length", "12");
        page.Should().Contain("The text has 22 tokens and was cut to 12.")
            .And.Contain($"<span class=\"cut\">{text[10..]}</span>");
        Page(model, text).Should().NotContain("was cut").And.NotContain("class=\"cut\"");
        JsonElement json = Explain(model, text, "--max-length", "12");
        json.GetProperty("truncated").GetBoolean().Should().BeTrue();
        json.GetProperty("total_tokens").GetInt32().Should().Be(22);
    }

    [Fact]
    public void Explain_ToAFile_SaysWhatItDoes()
    {
        string model = Model(ProblemType.SingleLabel), page = folder.Path("said.html");
        GauRun.Of("explain", "今天天气", "--model", model, "-o", page).Error.Should().Be(
            $"note: computing the answer without each of 4 tokens\nnote: the page is {page}\n");
        GauRun.Of("explain", "今天天气", "--model", model, "--json").Error.Should().Be(
            "{\"note\":\"computing the answer without each of 4 tokens\"}\n");
    }

    [Fact]
    public void Progress_LongComputation_IsToldEveryFiveSeconds()
    {
        using StringWriter error = new();
        ManualClock clock = new();
        ExplanationProgress progress = new(
            new CommandHost
            {
                OpenInput = () => Stream.Null,
                OpenOutput = () => Stream.Null,
                Error = error,
                Environment = _ => null,
                CancelCode = () => 0,
                Clock = clock,
            },
            json: false);
        for (int done = 0; done <= 12; done++)
        {
            progress.Tell(done, 12);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        error.ToString().Should().Be(
            "note: computing the answer without each of 12 tokens\nnote: 5 of 12 tokens are done\n"
            + "note: 10 of 12 tokens are done\n");
    }

    [Fact]
    public void Explain_NothingToTakeAway_IsAPageAllTheSame() =>
        Page(Model(ProblemType.Regression), " ").Should().Contain("2 tokens");

    [Fact]
    public void Explain_WrongOptions_AreUsageErrors()
    {
        GauRun.Of("explain", "今天").Error.Should().StartWith("error: explain needs -o FILE.html");
        GauRun.Of("explain", "今天", "-o", "-", "--json").Code.Should().Be(2);
        GauRun.Of("explain", "今天", "--max-length", "513", "--json").Code.Should().Be(2);
        string model = folder.Path("m.safetensors");
        TinyModel.Write(model, TinyModel.NoHead);
        GauRun other = GauRun.Of("explain", "今天", "-o", folder.Path("p.html"), "--model", model);
        other.Error.Should().Be("error: explain needs a model with a sequence classifier; this one's head is another\n");
        other.Code.Should().Be(2);
        File.Exists(folder.Path("p.html")).Should().BeFalse();
        folder.Write("p.html", "x");
        GauRun.Of("explain", "今天", "-o", folder.Path("p.html")).Code.Should().Be(73);
        GauRun.Of("explain", "今天", "-o", folder.Path("p.html"), "--force").Code.Should().Be(0);
    }

    [GeneratedRegex("<p class=\"text\"[^>]*>(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Passage();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Link();

    [Fact]
    public void Page_EqualTokens_HaveTheirPlaces()
    {
        string page = Page(Model(ProblemType.SingleLabel), "今😀天今天", "--pair", "今");
        string strongest = Between(page, "<h2>The strongest tokens</h2>", "</section>");
        string[] places = [.. Places().Matches(strongest).Select(place => place.Value)];
        places.Should().OnlyHaveUniqueItems().And.Contain("character 1").And.Contain("character 4")
            .And.Contain("character 1 of the second text");
    }

    [Fact]
    public void Page_EveryClass_HasARule() => PageMarkup.ClassesWithoutRule(
        Page(Model(ProblemType.SingleLabel), "今天 天气很好", "--pair", "今天天气", "--max-length", "8")).Should().BeEmpty();

    [Theory]
    [InlineData(10, 1)]
    [InlineData(200, 4)]
    public void Page_ManyTokens_NamesAsManyAsCanBeRead(int characters, int step)
    {
        string page = Page(Model(ProblemType.SingleLabel), string.Concat(Enumerable.Repeat("今天", characters / 2)));
        string axes = Between(page, "<g id=\"tokens\">", "</g>");
        int tokens = characters + 2, named = (tokens + step - 1) / step;
        Regex.Count(axes, "<text ").Should().Be(2 * named);
        named.Should().BeLessThanOrEqualTo(64);
        Regex.Count(axes, $"font-size:{9 * step}px").Should().Be(2 * named);
        page.Contains($"stands every {step}th token").Should().Be(step > 1);
    }

    private static string Between(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[start..text.IndexOf(end, start, StringComparison.Ordinal)];
    }

    [GeneratedRegex("character [0-9]+( of the second text)?")]
    private static partial Regex Places();

    private string Model(ProblemType problem, Architecture architecture = Architecture.GauAlpha)
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(
            path, TinyModel.HeadOf(architecture, HeadKind.SequenceClassification) with
            {
                ProblemType = problem, Labels = problem == ProblemType.Regression ? ["x"] : TinyModel.Sequence.Labels,
            },
            architecture: architecture);
        return path;
    }

    private static JsonElement Explain(string model, string text, params string[] args)
    {
        GauRun run = GauRun.Of(["explain", "--json", "--model", model, .. args, "--", text]);
        run.Code.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static string Page(string model, string text, params string[] args)
    {
        GauRun run = GauRun.Of(["explain", "-o", "-", "--model", model, .. args, "--", text]);
        run.Code.Should().Be(0, run.Error);
        return run.Output;
    }

    private static JsonElement Score(string model, string text)
    {
        GauRun run = GauRun.Of(
            ["score", "-", "--model", model], JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = text }), []);
        run.Code.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    // The value, or the probability of the label that the explanation is about.
    private static float Number(JsonElement row, JsonElement explained) =>
        row.TryGetProperty("value", out JsonElement value)
            ? value.GetSingle()
            : row.GetProperty("probabilities").GetProperty(explained.GetProperty("label").GetString()!).GetSingle();
}
