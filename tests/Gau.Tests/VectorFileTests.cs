using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Vectors as npy and of fewer bits, from the command line.</summary>
public sealed class VectorFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public VectorFileTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.NoHead);
        folder.Write("in.jsonl", string.Concat(
            Enumerable.Range(0, 30).Select(i => i % 7 == 3 ? "{}\n" : $"{{\"id\":{i},\"text\":\"今天{i}\"}}\n")));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v.npy", "f32", "")]
    [InlineData("v.npy", "f16", "; cosine of f16 to f32: mean 0.9999\\d{4}, min 0.9999\\d{4}\n")]
    [InlineData("v.npy", "int8", "; cosine of int8 to f32: mean 0.999\\d{5}, min 0.999\\d{5}\n")]
    [InlineData("v.parquet", "int8", "; cosine of int8 to f32: mean 0.999\\d{5}, min 0.999\\d{5}\n")]
    public void Embed_FewerBits_SumsUpTheCosines(string name, string precision, string words)
    {
        GauRun run = Embed(name, "--precision", precision);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().MatchRegex("^gau: 30 records \\(4 rejected, 0 truncated\\), .* at most" + words);
        run.Error.Contains("cosine", StringComparison.Ordinal).Should().Be(words.Length > 0);
        folder.Files.Should().BeEquivalentTo(
            name == "v.npy" ? ["in.jsonl", "model", name, name + ".ids.jsonl", name + ".json"] : ["in.jsonl", "model", name]);
    }

    [Fact]
    public void Embed_Json_DescribesTheVectors()
    {
        JsonElement summary = Summary(Embed("v.npy", "--precision", "int8", "--dimensions", "3", "--json"));
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(folder.Path("v.npy.json")));
        foreach (JsonProperty property in summary.GetProperty("vectors").EnumerateObject())
            file.RootElement.GetProperty(property.Name).GetRawText().Should().Be(property.Value.GetRawText());
        file.RootElement.GetProperty("dimensions").GetInt32().Should().Be(3);
        file.RootElement.GetProperty("rows").GetInt32().Should().Be(26);
        JsonElement cosine = summary.GetProperty("cosine");
        cosine.GetProperty("min").GetDouble().Should().BeInRange(0.99, cosine.GetProperty("mean").GetDouble());
        Summary(Embed("v.jsonl", "--json")).TryGetProperty("cosine", out _).Should().BeFalse();
        Summary(Embed("w.jsonl", "--json")).GetProperty("vectors").GetProperty("precision").GetString().Should().Be("f32");
    }

    [Theory]
    [InlineData("f32")]
    [InlineData("int8")]
    public void Merge_Npy_MakesTheThreeFilesOfOneRun(string precision)
    {
        Embed("whole.npy", "--precision", precision).Code.Should().Be(0);
        for (int i = 0; i < 3; i++)
            Embed("parts", "--output-format", "npy", "--precision", precision, "--shard", $"{i}/3").Code.Should().Be(0);
        Merge("merged.npy").Code.Should().Be(0);
        foreach (string suffix in (string[])["", ".ids.jsonl", ".json"])
            File.ReadAllBytes(folder.Path("merged.npy" + suffix)).Should().Equal(
                File.ReadAllBytes(folder.Path("whole.npy" + suffix)));
        File.Delete(folder.Path("merged.npy"));
        GauRun again = Merge("merged.npy");
        (again.Code, again.Error).Should().Be(
            (73, $"error: {folder.Path("merged.npy.ids.jsonl")}: exists already; --force replaces it\n"));
        folder.Files.Should().NotContain(name => name.Contains("tmp", StringComparison.Ordinal));
        Merge("merged.npy", "--force").Code.Should().Be(0);
        Fails(Merge("merged.jsonl"), 2, "merged.jsonl: the parts are .npy, and so is what they are joined into");
        Fails(GauRun.Of("merge", folder.Path("parts")), 2, "npy parts are joined into files that are not compressed");
    }

    [Fact]
    public void Merge_AFileBesideIsMissing_IsMissing()
    {
        for (int i = 0; i < 2; i++)
            Embed("parts", "--output-format", "npy", "--shard", $"{i}/2").Code.Should().Be(0);
        File.Delete(folder.Path("parts/part-00001-of-00002.npy.ids.jsonl"));
        Fails(Merge("merged.npy"), 66, "part-00001-of-00002.npy.ids.jsonl");
        folder.Files.Should().NotContain("merged.npy");
    }

    [Theory]
    [InlineData("v.jsonl", 2, "precision f16 is for Parquet, Arrow and npy", "--precision", "f16")]
    [InlineData("v.csv", 2, "precision int8 is for Parquet, Arrow and npy", "--precision", "int8")]
    [InlineData("v.npy", 2, "--precision: 'f8' is none of f32, f16, int8", "--precision", "f8")]
    [InlineData("v.npy.gz", 2, "npy is not compressed: leave out .gz")]
    [InlineData("v.npy", 2, "npy is not compressed: leave out", "--output-compression", "gzip")]
    [InlineData("-", 2, "npy goes into a file: --output", "--output-format", "npy")]
    [InlineData("v.npy", 2, "--bom is for results in CSV or TSV", "--bom")]
    [InlineData("in.jsonl", 73, "in.jsonl: this is an input", "--output-format", "npy", "--force")]
    public void Embed_WhatCannotBe_IsRefused(string output, int code, string reason, params string[] options)
    {
        Fails(Embed(output, options), code, reason);
        folder.Files.Should().Equal("in.jsonl", "model");
    }

    [Fact]
    public void Embed_AFileBesideIsAnInput_IsRefused()
    {
        File.Move(folder.Path("in.jsonl"), folder.Path("v.npy.ids.jsonl"));
        GauRun run = GauRun.Of(
            "embed", folder.Path("v.npy.ids.jsonl"), "--model", folder.Path("model"), "-o", folder.Path("v.npy"), "--force");
        Fails(run, 73, "v.npy.ids.jsonl: this is an input");
    }

    [Theory]
    [InlineData("score")]
    [InlineData("fill")]
    public void OtherCommand_IntoNpy_IsRefused(string command)
    {
        GauRun run = GauRun.Of(
            command, folder.Path("in.jsonl"), "--model", folder.Path("model"), "-o", folder.Path("v.npy"));
        Fails(run, 2, "v.npy: npy holds the vectors of gau embed, and nothing else");
    }

    [Fact]
    public void Embed_NpyAsInput_SaysWhatItIs()
    {
        Embed("v.npy").Code.Should().Be(0);
        Fails(GauRun.Of("embed", folder.Path("v.npy"), "--model", folder.Path("model")), 65, "a NumPy array (npy)");
    }

    [Fact]
    public void Compare_ParquetOfFewerBits_ComparesWhatIsStored()
    {
        Embed("a.parquet").Code.Should().Be(0);
        Embed("b.parquet", "--precision", "int8").Code.Should().Be(0);
        GauRun run = GauRun.Of("compare", folder.Path("a.parquet"), folder.Path("b.parquet"), "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("cosine").GetProperty("min").GetDouble().Should().BeInRange(0.999, 0.9999999);
    }

    private static void Fails(GauRun run, int code, string reason)
    {
        run.Error.Should().Contain(reason);
        run.Error.Should().StartWith("error: ").And.EndWith("\n");
        run.Error.Count(c => c == '\n').Should().Be(1);
        run.Code.Should().Be(code);
    }

    private static JsonElement Summary(GauRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Error).RootElement.GetProperty("summary");
    }

    private GauRun Embed(string output, params string[] options) => GauRun.Of(
        [
            "embed", folder.Path("in.jsonl"), "--model", folder.Path("model"), "-o",
            output == "-" ? output : folder.Path(output), .. options,
        ]);

    private GauRun Merge(string output, params string[] options) =>
        GauRun.Of(["merge", folder.Path("parts"), "-o", folder.Path(output), .. options]);
}
