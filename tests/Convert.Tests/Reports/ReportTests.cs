using System.Text;
using System.Text.Json;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Report_WithTexts_HasLayersLabelsAndMasks()
    {
        string texts = TinyCheckpoint.Write(folder);
        JsonElement report = TinyCheckpoint.Report(folder, "--texts", texts, "--label", "kind");
        report.GetProperty("texts").GetInt32().Should().Be(12);
        JsonElement[] layers = [.. report.GetProperty("layers").EnumerateArray()];
        layers.Should().HaveCount(4);   // the embedding and three layers
        foreach (JsonElement layer in layers)
        {
            layer.GetProperty("snr_db").GetDouble().Should().BeInRange(20, 70);
            double mean = layer.GetProperty("mean_cosine").GetDouble();
            double worst = layer.GetProperty("worst_cosine").GetDouble();
            mean.Should().BeInRange(0.99, 1);
            worst.Should().BeLessThan(mean);
            // The token stands where the report says, in the text that it names.
            string token = layer.GetProperty("worst_token").GetString()!;
            if (!token.StartsWith('['))
                Text(texts, layer.GetProperty("worst_text").GetString()!)
                    .Substring(layer.GetProperty("worst_character").GetInt32(), token.Length).Should().Be(token);
            layer.GetProperty("outliers")[0].GetProperty("largest_over_rms").GetDouble().Should().BeGreaterThan(1);
        }
        JsonElement labels = report.GetProperty("labels");
        labels.GetProperty("texts").GetInt32().Should().Be(12);
        labels.GetProperty("mean_drift").GetDouble().Should().BeInRange(1e-7, 0.05);
        labels.GetProperty("max_drift").GetDouble().Should().BeGreaterThanOrEqualTo(
            labels.GetProperty("p95_drift").GetDouble());
        labels.GetProperty("accuracy").GetProperty("texts").GetInt32().Should().Be(12);
        JsonElement masks = report.GetProperty("masked_lm");
        masks.GetProperty("masks").GetInt32().Should().BeGreaterThan(30);
        masks.GetProperty("kl_divergence").GetDouble().Should().BeGreaterThan(0);
    }

    [Fact]
    public void Report_FinerBlocks_HaveMoreSignalInEveryMatrix()
    {
        TinyCheckpoint.Write(folder);
        double[] coarse = Signals("128"), fine = Signals("32");
        fine.Zip(coarse).Should().OnlyContain(pair => pair.First > pair.Second);

        double[] Signals(string block) => [.. TinyCheckpoint.Report(folder, "--block", block).GetProperty("tensors")
            .EnumerateArray().Where(tensor => tensor.GetProperty("type").GetString() == "int8")
            .Select(tensor => tensor.GetProperty("snr_db").GetDouble())];
    }

    [Fact]
    public void Report_WithoutTexts_CoversTheWeightsAndSaysSo()
    {
        TinyCheckpoint.Write(folder);
        JsonElement report = TinyCheckpoint.Report(folder);
        report.TryGetProperty("layers", out _).Should().BeFalse();
        report.GetProperty("verdict").GetString().Should().StartWith("Measured on weights only");
        string page = folder.Path("r.html");
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page).Code.Should().Be(0);
        File.ReadAllText(page).Should().Contain("this report covers the weights only");
    }

    [Fact]
    public void Report_TextsAsCsvAndLines_GiveTheNumbersOfJsonLines()
    {
        string texts = TinyCheckpoint.Write(folder);
        string[] lines = [.. File.ReadAllLines(texts).Select(
            line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!)];
        string csv = folder.Write("t.csv", "body\n" + string.Join('\n', lines) + "\n");
        string txt = folder.Write("t.txt", string.Join('\n', lines) + "\n");
        string bare = folder.Write("bare.csv", string.Concat(lines.Select((line, i) => $"LABEL_{i % 5}|{line}\n")));
        string expected = Drift(TinyCheckpoint.Report(folder, "--texts", texts));
        foreach (string[] labels in (string[][])[[], ["--label", "1"]])
            Drift(TinyCheckpoint.Report(
                folder, ["--texts", bare, "--delimiter", "|", "--no-header", "--text", "2", .. labels])).Should().Be(expected);
        Drift(TinyCheckpoint.Report(folder, "--texts", csv, "--text", "body")).Should().Be(expected);
        Drift(TinyCheckpoint.Report(folder, "--texts", txt)).Should().Be(expected);
        string gbk = folder.Path("gbk.txt");
        File.WriteAllText(gbk, File.ReadAllText(txt), CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!);
        foreach (string encoding in (string[])["gb18030", "auto"])
            Drift(TinyCheckpoint.Report(folder, "--texts", gbk, "--encoding", encoding)).Should().Be(expected);

        static string Drift(JsonElement report) => report.GetProperty("labels").GetProperty("mean_drift").GetRawText();
    }

    [Fact]
    public void Report_TextsInGbk_NamesTheOption()
    {
        TinyCheckpoint.Write(folder);
        string gbk = folder.Path("gbk.txt");
        File.WriteAllText(gbk, "人民法院\n", CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!);
        ToolResult result =
            Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", folder.Path("r.html"), "--texts", gbk);
        result.Code.Should().Be(2);
        result.Error.TrimEnd().Should().EndWith(
            "the first: not UTF-8 at byte 0 of the record; it looks like GBK: --encoding gb18030");
    }

    [Fact]
    public void Report_BadRecords_AreCountedAndLeftOut()
    {
        string texts = TinyCheckpoint.Write(folder);
        File.AppendAllText(texts, "not json\n{\"id\":1}\n");
        JsonElement report = TinyCheckpoint.Report(folder, "--texts", texts);
        report.GetProperty("texts").GetInt32().Should().Be(12);
        report.GetProperty("rejected").GetInt32().Should().Be(2);
    }

    [Theory]
    [InlineData("{\"body\":\"x\"}\n", 2, "none of its 1 records has a text in 'text'")]
    [InlineData("", 2, "no records")]
    [InlineData(null, 66, "no such file")]
    public void Report_TextsWithoutAText_EndsBeforeTheConversion(string? content, int code, string reason)
    {
        TinyCheckpoint.Write(folder);
        string texts = folder.Path("other.jsonl");
        if (content is not null)
            File.WriteAllText(texts, content);
        ToolResult result =
            Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", folder.Path("r.html"), "--texts", texts);
        result.Code.Should().Be(code);
        result.Error.Should().Contain(reason);
        result.Error.TrimEnd().Should().NotContain("\n");
        folder.Files.Should().NotContain("m").And.NotContain("r.html");
    }

    [Fact]
    public void Report_Exists_OnlyReplacedWithForce()
    {
        TinyCheckpoint.Write(folder);
        string page = folder.Write("r.html", "mine");
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page).Code.Should().Be(73);
        File.ReadAllText(page).Should().Be("mine");
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page, "--force").Code.Should().Be(0);
        File.ReadAllText(page).Should().StartWith("<!doctype html>");
    }

    // A folder takes a name of 240 bytes, but none that is longer by what an unfinished file has behind it.
    [Theory]
    [InlineData("m", "REPORT.json")]
    [InlineData("MODEL", "r.json")]
    public void Outputs_FileSystemRefusesOne_Ends73BeforeTheWork(string model, string report)
    {
        TinyCheckpoint.Write(folder);
        string[] before = folder.Files;
        ToolResult result = Tool.Run(folder.Root, "-o", Long(model), "--report", Long(report));
        result.Code.Should().Be(73);
        result.Error.Should().StartWith("error: ").And.Contain("cannot be created").And.EndWith("\n");
        result.Error.TrimEnd().Should().NotContain("\n");
        folder.Files.Should().Equal(before);

        string Long(string name) => folder.Path(name.Replace("REPORT", new string('r', 230), StringComparison.Ordinal)
            .Replace("MODEL", new string('m', 240), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model.json", "the model goes there")]
    [InlineData("texts.json", "this is an input")]
    [InlineData("config.json", "this is an input")]
    [InlineData("tokenizer_config.json", "this is an input")]
    public void Report_InPlaceOfTheModelOrAnInput_IsRefusedDespiteForce(string name, string reason)
    {
        string texts = folder.Path("texts.json");
        File.Move(TinyCheckpoint.Write(folder), texts);
        folder.Write("tokenizer_config.json", "{\"do_lower_case\":true}");
        byte[]? before = name == "model.json" ? null : File.ReadAllBytes(folder.Path(name));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("model.json"), "--report", folder.Path(name),
            "--texts", texts, "--force");
        result.Code.Should().Be(73);
        result.Error.Should().EndWith($": {reason}\n");
        if (before is null)
            folder.Files.Should().NotContain(name);
        else
            File.ReadAllBytes(folder.Path(name)).Should().Equal(before);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("vocab.txt")]
    [InlineData("texts.jsonl")]
    public void Output_InPlaceOfAnInput_IsRefusedDespiteForce(string name)
    {
        string texts = TinyCheckpoint.Write(folder);
        byte[] before = File.ReadAllBytes(folder.Path(name));
        Tool.Run(folder.Root, "-o", folder.Path(name), "--report", folder.Path("r.html"), "--texts", texts, "--force")
            .Code.Should().Be(73);
        File.ReadAllBytes(folder.Path(name)).Should().Equal(before);
    }

    [Fact]
    public void Report_TextsTooShortForAMask_SaysNothingOfMasks()
    {
        TinyCheckpoint.Write(folder);
        string texts = folder.Write("short.txt", "天\n"), page = folder.Path("r.html");
        JsonElement report = TinyCheckpoint.Report(folder, "--texts", texts);
        report.GetProperty("labels").GetProperty("texts").GetInt32().Should().Be(1);
        report.TryGetProperty("masked_lm", out _).Should().BeFalse();
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page, "--texts", texts).Code.Should().Be(0);
        File.ReadAllText(page).Should().NotContain("Masked language model");
    }

    [Fact]
    public void Report_NeitherLabelsNorMasks_GivesTheNoiseOfTheLastLayer()
    {
        foreach (string name in (string[])["model.safetensors", "config.json", "vocab.txt"])
            folder.Copy(Fixtures.Gau(name));
        JsonElement report = TinyCheckpoint.Report(folder, "--texts", folder.Write("short.txt", "天\n"));
        report.GetProperty("verdict").GetString().Should()
            .MatchRegex("^int8 leaves the last layer with a signal-to-noise ratio of [0-9.]+ dB\\.$");
    }

    [Fact]
    public void Report_Asked_TheModelHasTheBytesOfOneWithout()
    {
        string texts = TinyCheckpoint.Write(folder);
        using ModelFileReader plain = Tool.Convert(folder, folder.Root);
        using ModelFileReader reported =
            Tool.Convert(folder, folder.Root, "--report", folder.Path("r.json"), "--texts", texts);
        File.ReadAllBytes(reported.Path).Should().Equal(File.ReadAllBytes(plain.Path));
    }

    private static string Text(string texts, string id) => File.ReadLines(texts)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Single(record => record.GetProperty("id").GetString() == id).GetProperty("text").GetString()!;
}
