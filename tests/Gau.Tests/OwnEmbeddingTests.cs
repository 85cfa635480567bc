using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>gau embed</c> with models that say how they make vectors.</summary>
public sealed class OwnEmbeddingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OwnEmbeddingTests()
    {
        TinyModel.Write(folder.Path("plain"), TinyModel.NoHead);
        TinyModel.Write(folder.Path("own"), TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Poolings = [Pooling.First], Steps = [TinyModel.Normalize], MaxTokens = 8,
            Prompts = [new EmbeddingPrompt("query", "学习："), new EmbeddingPrompt("passage", "")],
        });
        folder.Write("in.txt", "今天\n今天天气很好我们\n");
        folder.Write("prompted.txt", "学习：今天\n学习：今天天气很好我们\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Embed_OwnPooling_NeedsNoOption()
    {
        GauRun own = Run("own", "in.txt");
        own.Code.Should().Be(0, own.Error);
        own.Output.Should().Be(Run("plain", "in.txt", "--pooling", "cls", "--normalize", "--max-length", "8").Output);
        own.Output.Should().Be(Run("own", "in.txt", "--pooling", "cls", "--normalize").Output);
        own.Lines.Select(line => Flag(line, "truncated")).Should().Equal(false, true);
        Run("own", "in.txt", "--max-length", "64").Lines.Select(line => Flag(line, "truncated"))
            .Should().Equal(false, false);
    }

    [Fact]
    public void Embed_PromptAndPrefix_AreTheTextBehindThem()
    {
        string expected = Run("own", "prompted.txt").Output;
        Run("own", "in.txt", "--prompt", "query").Output.Should().Be(expected);
        Run("own", "in.txt", "--prefix", "学习：").Output.Should().Be(expected);
        Run("own", "in.txt", "--prompt", "passage").Output.Should().Be(Run("own", "in.txt").Output);
        Run("plain", "in.txt", "--prefix", "学习：").Output.Should().Be(Run("plain", "prompted.txt").Output);
    }

    [Theory]
    [InlineData("own", "--pooling mean", "error: pooling mean, but the model says pooling cls, normalize: leave it out, or force it (ForcePooling, --force-pooling)\n")]
    [InlineData("own", "--normalize false", "error: vectors that are not normalized, but the model says pooling cls, normalize: leave it out, or force it")]
    [InlineData("own", "--force-pooling", "error: no pooling to force")]
    [InlineData("own", "--prompt queries", "error: prompt 'queries': the model has query, passage\n")]
    [InlineData("own", "--prompt query --prefix x", "error: a prompt and a prefix: only one of them can stand in front of a text\n")]
    [InlineData("own", "--dimensions 17", "error: 17 dimensions: the model has 16\n")]
    [InlineData("plain", "--prompt query", "error: prompt 'query': the model has no prompts; a prefix can be any text\n")]
    [InlineData("plain", "--pooling mean --force-pooling", "error: the model does not say how it pools, so there is nothing to force\n")]
    public void Embed_WhatContradictsTheModel_IsAUsageError(string model, string options, string reason)
    {
        GauRun run = Run(model, ["in.txt", .. options.Split(' ')]);
        run.Error.Should().StartWith(reason);
        (run.Code, run.Output).Should().Be((2, ""));
    }

    [Fact]
    public void Embed_Forced_PoolsAsAsked()
    {
        Run("own", "in.txt", "--pooling", "max", "--force-pooling", "--max-length", "64").Output.Should().Be(
            Run("plain", "in.txt", "--pooling", "max").Output);
        Run("own", "in.txt", "--normalize", "false", "--force-pooling", "--max-length", "64").Output.Should().Be(
            Run("plain", "in.txt", "--pooling", "cls").Output);
    }

    [Theory]
    [InlineData("lasttoken")]
    [InlineData("mean_sqrt_len_tokens")]
    [InlineData("weightedmean")]
    public void Embed_EveryPooling_HasAName(string pooling)
    {
        GauRun run = Run("plain", "in.txt", "--pooling", pooling);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().NotBe(Run("plain", "in.txt").Output);
    }

    [Theory]
    [InlineData("--prompt", "query")]
    [InlineData("--prefix", "学习")]
    public void Resume_OtherPrompt_IsAnotherJob(params string[] other)
    {
        string output = folder.Path("out.jsonl");
        Run("own", "in.txt", "-o", output, "--max-rejects", "0").Code.Should().Be(0);
        string input = folder.Write("bad.jsonl", "{\"text\":\"今\"}\n{}\n");
        string partial = folder.Path("partial.jsonl");
        Run("own", "bad.jsonl", "-o", partial, "--max-rejects", "0", "--checkpoint-seconds", "0").Code.Should().Be(3);
        GauRun run = Run("own", ["bad.jsonl", "-o", partial, "--resume", .. other]);
        run.Error.Should().Contain("task: was 'embed, pooling cls, normalize, normalize True, dimensions 16', is 'embed, ");
        run.Code.Should().Be(78);
        File.Exists(input).Should().BeTrue();
    }

    [Fact]
    public void Shards_WithOtherPrompts_AreNotMerged()
    {
        string parts = folder.Path("parts");
        Run("own", "in.txt", "-o", parts, "--shard", "0/2").Code.Should().Be(0);
        GauRun other = Run("own", "in.txt", "-o", parts, "--shard", "1/2", "--prompt", "query");
        GauRun merge = GauRun.Of("merge", parts, "-o", folder.Path("all.jsonl"));
        new[] { other.Code, merge.Code }.Should().Contain(code => code != 0);
    }

    [Fact]
    public void Inspect_OwnEmbedding_IsTold()
    {
        GauRun run = GauRun.Of("inspect", folder.Path("own"));
        run.Output.Should().Contain("embedding   pooling cls, normalize; 16 numbers\n")
            .And.Contain("            compared by cosine, texts cut to 8 tokens\n")
            .And.Contain("prompts     query \"学习：\", passage \"\"\n");
        JsonDocument.Parse(GauRun.Of("inspect", folder.Path("own"), "--json").Output).RootElement
            .GetProperty("embedding").GetProperty("max_tokens").GetInt32().Should().Be(8);
        GauRun.Of("inspect", folder.Path("plain"), "--json").Output.Should().NotContain("\"embedding\":");
    }

    private static bool Flag(string line, string name) =>
        JsonDocument.Parse(line).RootElement.GetProperty(name).GetBoolean();

    private GauRun Run(string model, params string[] words) => GauRun.Of(
        ["embed", "--model", folder.Path(model), .. words.Select((word, i) => i == 0 ? folder.Path(word) : word)]);
}
