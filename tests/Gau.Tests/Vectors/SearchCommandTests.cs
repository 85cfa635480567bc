using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Vectors;

/// <summary><c>gau search</c>: in vectors that <c>gau embed</c> wrote, and in texts.</summary>
public sealed class SearchCommandTests : IDisposable
{
    private static readonly string[] Texts =
        ["今天天气很好", "我们去公园", "明天下雨了", "学习中文", "今天下雨", "公园很好", "我们学习", "明天去公园"];

    private readonly TemporaryFolder folder = new();

    public SearchCommandTests()
    {
        TinyModel.Write(folder.Path("model"), TinyModel.NoHead);
        TinyModel.Write(folder.Path("other"), TinyModel.NoHead, (_, weights) => weights[0] += 0.5f);
        folder.Write("texts.jsonl", string.Concat(Texts.Select((text, i) => $"{{\"id\":\"t{i}\",\"text\":\"{text}\"}}\n")));
        folder.Write("queries.csv", "id,text\n7,我们去公园\n8,今天\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v.npy", "f32")]
    [InlineData("v.npy", "f16")]
    [InlineData("v.npy", "int8")]
    [InlineData("v.parquet", "f32")]
    [InlineData("v.parquet", "f16")]
    [InlineData("v.parquet", "int8")]
    [InlineData("v.arrow", "f32")]
    [InlineData("v.feather", "f16")]
    [InlineData("v.arrow", "int8")]
    [InlineData("v.jsonl", "f32")]
    [InlineData("v.jsonl.gz", "f32")]
    public void Search_WhatEmbedWrote_FindsTheTextItself(string name, string precision)
    {
        Embed(name, "--precision", precision).Code.Should().Be(0);
        GauRun run = Search(name, "学习中文", "--top", "3");
        run.Code.Should().Be(0, run.Error);
        JsonElement[] results = Results(run, 0);
        results.Should().HaveCount(3);
        results[0].GetProperty("id").GetString().Should().Be("t3");
        results[0].GetProperty("score").GetSingle().Should().BeGreaterThan(precision == "int8" ? 0.999f : 0.99999f);
        results.Select(r => r.GetProperty("score").GetSingle()).Should().BeInDescendingOrder();
        run.Error.Should().Contain($"{name}: 8 vectors of 16 numbers");
        run.Error.Contains("does not say which model", StringComparison.Ordinal).Should().Be(name.Contains("jsonl"));
    }

    [Fact]
    public void Search_TextsDirectly_FindsWhatTheirVectorsWould()
    {
        Embed("v.npy").Code.Should().Be(0);
        GauRun vectors = Search("v.npy", folder.Path("queries.csv")), texts = Search("texts.jsonl", folder.Path("queries.csv"));
        texts.Code.Should().Be(0, texts.Error);
        texts.Lines.Should().HaveCount(2);
        for (int query = 0; query < 2; query++)
            Results(texts, query).Select(r => (r.GetProperty("id").GetString(), r.GetProperty("score").GetSingle())).Should().Equal(
                Results(vectors, query).Select(r => (r.GetProperty("id").GetString(), r.GetProperty("score").GetSingle())));
        Results(texts, 0)[0].GetProperty("text").GetString().Should().Be("我们去公园");
        JsonDocument.Parse(texts.Lines[0]).RootElement.GetProperty("id").GetString().Should().Be("7");
    }

    [Fact]
    public void Search_AnyPartsAndThreads_GivesTheSameBytes()
    {
        Embed("v.npy").Code.Should().Be(0);
        string queries = folder.Path("texts.jsonl");
        GauRun one = Search("v.npy", queries, "--threads", "1");
        Search("v.npy", queries, "--threads", "2", "--batch-tokens", "8").Output.Should().Be(one.Output);
        for (int i = 0; i < 3; i++)
            Search("v.npy", queries, "-o", folder.Path("parts"), "--shard", $"{i}/3").Code.Should().Be(0);
        GauRun.Of("merge", folder.Path("parts")).Output.Should().Be(one.Output);
    }

    [Fact]
    public void Search_IntoATable_HasARowForEachResult()
    {
        GauRun run = Search("texts.jsonl", folder.Path("queries.csv"), "--top", "2", "--output-format", "csv");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(5);
        run.Lines[0].Should().Be("id,candidate,rank,score,tokens,truncated,empty,error");
        run.Lines[1].Should().StartWith("7,t1,1,1,");
        run.Lines[2].Should().MatchRegex("^7,t\\d,2,0\\.");
        Search("texts.jsonl", folder.Path("queries.csv"), "-o", folder.Path("found.parquet")).Code.Should().Be(0);
        GauRun.Of("compare", folder.Path("found.parquet"), folder.Path("found.parquet")).Output.Should().Contain("identical");
    }

    [Fact]
    public void Search_IndexMadeInAnotherWay_IsSearchedAsItWasMade()
    {
        Embed("v.npy", "--pooling", "cls", "--dimensions", "5", "--normalize").Code.Should().Be(0);
        GauRun run = Search("v.npy", "今天下雨", "--top", "1");
        run.Code.Should().Be(0, run.Error);
        Results(run, 0)[0].GetProperty("id").GetString().Should().Be("t4");
        Results(run, 0)[0].GetProperty("score").GetSingle().Should().Be(1);
    }

    [Theory]
    [InlineData("other", "", "its vectors were made by another model")]
    [InlineData("model", "--dimensions 5", "its vectors have 16 numbers, and those of the queries 5")]
    [InlineData("model", "--pooling cls", "its vectors are of pooling mean, and those of the queries of cls")]
    [InlineData("model", "--normalize", "its vectors are not scaled to length 1, and those of the queries scaled to length 1")]
    public void Search_VectorsOfAnotherSpace_AreRefused(string model, string options, string fault)
    {
        Embed("v.parquet").Code.Should().Be(0);
        GauRun run = GauRun.Of(
            ["search", folder.Path("v.parquet"), "今天", "--model", folder.Path(model), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.Code.Should().Be(78, run.Error);
        run.Error.Should().Contain($"v.parquet: cannot be searched with this model and these options: {fault}");
        run.Error.Trim().Should().NotContain("\n");
    }

    [Fact]
    public void Search_RowsWithoutVector_AreNotFound()
    {
        folder.Write("some.jsonl", "{\"id\":1,\"text\":\"今天\"}\n{\"id\":2}\n{\"id\":3,\"text\":\"公园\"}\n");
        foreach (string name in (string[])["v.npy", "v.jsonl", "v.parquet"])
        {
            GauRun.Of("embed", folder.Path("some.jsonl"), "--model", folder.Path("model"), "-o", folder.Path(name)).Code.Should().Be(0);
            Results(Search(name, "公园"), 0).Select(r => r.GetProperty("id").GetRawText()).Should().Equal(["3", "1"], name);
        }
        GauRun texts = Search("some.jsonl", "公园");
        texts.Error.Should().Contain("1 of 3 records were rejected and are not found");
        Results(texts, 0).Select(r => r.GetProperty("id").GetRawText()).Should().Equal("3", "1");
    }

    [Fact]
    public void Search_RejectedTextsOfIndex_AreKeptAndCounted()
    {
        folder.Write("some.jsonl", "{\"id\":1,\"text\":\"今天\"}\n{\"id\":2}\n{\"id\":3,\"text\":\"公园\"}\n");
        string rejects = folder.Path("rejects.jsonl"), found = folder.Path("found.jsonl");
        Search("some.jsonl", "公园", "-o", found, "--rejects", rejects).Code.Should().Be(0);
        File.ReadAllLines(rejects).Should().ContainSingle().Which.Should().StartWith("{\"id\":2,\"error\":\"no field 'text'\"");
        GauRun run = Search("some.jsonl", "公园", "--max-rejects", "0");
        run.Code.Should().Be(3, run.Error);
        run.Error.Should().Contain("1 records rejected; 0 are allowed");
    }

    [Fact]
    public void Search_TextsOfVectorsThatChange_MakeItAnotherJob()
    {
        folder.Write("v.jsonl", "{\"id\":1,\"text\":\"a\",\"embedding\":[1" + string.Concat(Enumerable.Repeat(",0", 15)) + "]}\n");
        string parts = folder.Path("parts"), query = folder.Path("queries.csv");
        Search("v.jsonl", query, "-o", parts, "--shard", "0/2").Code.Should().Be(0);
        folder.Write("v.jsonl", File.ReadAllText(folder.Path("v.jsonl")).Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        Search("v.jsonl", query, "-o", parts, "--shard", "1/2").Code.Should().Be(0);
        GauRun.Of("merge", parts).Code.Should().Be(78);
    }

    [Fact]
    public void Search_ModelOfAVariable_IsNoOptionOfVectors()
    {
        Embed("v.npy").Code.Should().Be(0);
        Dictionary<string, string> variables = new() { ["GAU_MODEL"] = folder.Path("model") };
        GauRun run = GauRun.Of(["dedup", folder.Path("v.npy")], "", variables);
        run.Code.Should().Be(0, run.Error);
        GauRun.Of(["dedup", folder.Path("v.npy"), "--model", folder.Path("other")], "", variables).Code.Should().Be(2);
    }

    [Theory]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":2,\"embedding\":[1]}\n", "line 2: a vector of 1 numbers; those before have 2")]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":2,\"embedding\":[1,\"x\"]}\n", "line 2: field 'embedding': something else than finite numbers")]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":2,\"embedding\":[1,1e99]}\n", "line 2: field 'embedding': something else than finite numbers")]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":2}\n", "line 2: neither an embedding nor an error")]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":2,\n", "line 2: not JSON")]
    [InlineData("v.jsonl", "{\"id\":1,\"embedding\":[1,2]}\n{\"id\":[],\"embedding\":[1,2]}\n", "line 2: field 'id'")]
    [InlineData("v.npy", "\u0093NUMPY\u0001\0", "header")]
    public void Search_MalformedVectors_AreRefusedInALine(string name, string content, string fault)
    {
        folder.Write(name, name == "v.npy" ? System.Text.Encoding.Latin1.GetBytes(content) : System.Text.Encoding.UTF8.GetBytes(content));
        GauRun run = Search(name, "今天");
        run.Code.Should().Be(65, run.Error);
        run.Error.Should().StartWith("error: ").And.Contain(fault);
        run.Error.Trim().Should().NotContain("\n");
    }

    [Fact]
    public void Search_NotANumberInAMatrix_IsRefusedByItsRow()
    {
        Embed("v.npy").Code.Should().Be(0);
        byte[] npy = File.ReadAllBytes(folder.Path("v.npy"));
        BitConverter.TryWriteBytes(npy.AsSpan(npy.Length - 16 * 4), float.NaN);
        folder.Write("v.npy", npy);
        GauRun run = Search("v.npy", "今天");
        run.Code.Should().Be(65, run.Error);
        run.Error.Should().Contain("v.npy: vector 7: a number in it is not finite");
    }

    [Theory]
    [InlineData(66, "no such file", "search", "{0}/nothing.npy", "今天")]
    [InlineData(66, "its extension is that of a file", "search", "{0}/texts.jsonl", "nothing.jsonl")]
    [InlineData(2, "search needs QUERY", "search", "{0}/texts.jsonl")]
    [InlineData(2, "INDEX cannot be standard input", "search", "-", "今天")]
    [InlineData(2, "--top", "search", "{0}/texts.jsonl", "今天", "--top", "0")]
    [InlineData(2, "--index-text", "search", "{0}/v.jsonl", "今天", "--index-text", "t")]
    [InlineData(2, "the texts of INDEX have no fields", "search", "{0}/lines.txt", "今天", "--index-id", "k")]
    [InlineData(2, "--keep-fields", "search", "{0}/texts.jsonl", "{0}/queries.csv", "--keep-fields", "--output-format", "csv")]
    public void Search_CommandLineThatCannotBeMeant_IsRefused(int code, string fault, params string[] args)
    {
        Embed("v.jsonl").Code.Should().Be(0);
        folder.Write("lines.txt", "今天\n");
        GauRun run = GauRun.Of([.. args.Select(arg => arg.Replace("{0}", folder.Root)), "--model", folder.Path("model")]);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().Contain(fault);
    }

    private GauRun Embed(string name, params string[] options) => GauRun.Of(
        ["embed", folder.Path("texts.jsonl"), "--model", folder.Path("model"), "-o", folder.Path(name), "--force", .. options]);

    private GauRun Search(string index, params string[] rest) =>
        GauRun.Of(["search", folder.Path(index), "--model", folder.Path("model"), .. rest]);

    private static JsonElement[] Results(GauRun run, int line) =>
        [.. JsonDocument.Parse(run.Lines[line]).RootElement.GetProperty("results").EnumerateArray()];
}
