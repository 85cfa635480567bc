using System.Diagnostics;
using FluentAssertions;
using GauRuntime.Extensions;
using GauRuntime.Weights.ModelFile;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The generator alone and inside the wrappers of Microsoft.Extensions.AI.</summary>
[Collection(nameof(DocumentationTests))]   // what others embed would be traced too
public sealed class GeneratorTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(Repository.Model);
    private readonly GauEmbedder embedder;
    private readonly GauEmbeddingGenerator generator;

    public GeneratorTests()
    {
        embedder = new GauEmbedder(model, new EmbedderOptions { Normalize = true, MaxTokens = 64 });
        generator = new GauEmbeddingGenerator(embedder);
    }

    public void Dispose() => model.Dispose();

    [Fact]
    public async Task GenerateAsync_Texts_GivesVectorsAndUsage()
    {
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(Repository.Texts);
        IReadOnlyList<TextEmbedding> expected = embedder.Embed(Repository.Texts);
        found.Should().HaveCount(expected.Count);
        foreach ((Embedding<float> one, TextEmbedding other) in found.Zip(expected))
        {
            one.Vector.ToArray().Should().Equal(other.Vector.ToArray());
            one.ModelId.Should().Be("legal.int8");
            (one.AdditionalProperties?.ContainsKey(GauEmbeddingGenerator.TruncatedProperty) ?? false)
                .Should().Be(other.Text.Truncated);
        }
        expected.Select(one => one.Text.Truncated).Should().Contain([true, false]);
        found.Usage!.InputTokenCount.Should().Be(expected.Sum(one => (long)one.Text.Tokens));
        found.Usage.TotalTokenCount.Should().Be(found.Usage.InputTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_Dimensions_AreHonouredOrRefused()
    {
        Embedding<float> cut = (await generator.GenerateAsync(["条例"], new() { Dimensions = 10 }))[0];
        cut.Vector.ToArray().Should().Equal(
            new GauEmbedder(model, embedder.Options with { Dimensions = 10 }).Embed("条例").Vector.ToArray());
        Func<Task> tooMany = () => generator.GenerateAsync(["条例"], new() { Dimensions = 99_999 });
        await tooMany.Should().ThrowAsync<ArgumentException>().WithMessage("99999 dimensions: the model has *");
    }

    [Fact]
    public async Task GenerateAsync_AnotherModel_IsRefused()
    {
        (await generator.GenerateAsync(["条例"], new() { ModelId = "legal.int8" })).Should().ContainSingle();
        Func<Task> other = () => generator.GenerateAsync(["条例"], new() { ModelId = "text-embedding-3" });
        await other.Should().ThrowAsync<ArgumentException>().WithMessage("model 'text-embedding-3': this is legal.int8*");
    }

    [Fact]
    public async Task GenerateAsync_PromptOrPrefix_StandsForThoseOfTheEmbedder()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("own");
        TinyModel.Write(path, TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Prompts = [new EmbeddingPrompt("query", "学习："), new EmbeddingPrompt("usual", "好")], DefaultPrompt = "usual",
        });
        using GauModel own = GauModel.Load(path);
        using GauEmbeddingGenerator made = new(new GauEmbedder(own));
        async Task<float[]> Vector(string name, object? value) => (await made.GenerateAsync(
            ["今天"], new() { AdditionalProperties = new() { [name] = value, ["other"] = 1 } }))[0].Vector.ToArray();
        float[] Expected(EmbedderOptions options) => new GauEmbedder(own, options).Embed("今天").Vector.ToArray();
        (await Vector("prompt", "query")).Should().Equal(Expected(new() { Prompt = "query" }));
        (await Vector("prefix", "公园")).Should().Equal(Expected(new() { Prefix = "公园" }));
        (await Vector("prefix", "")).Should().Equal(Expected(new() { Prefix = "" }));
        (await Vector("prompt", null)).Should().Equal(Expected(new()));
        await ((Func<Task>)(() => Vector("prompt", "none"))).Should().ThrowAsync<ArgumentException>()
            .WithMessage("prompt 'none': the model has query, usual*");
        await ((Func<Task>)(() => Vector("prefix", 5))).Should().ThrowAsync<ArgumentException>()
            .WithMessage("additional property 'prefix': expected a string*");
    }

    [Fact]
    public async Task GenerateAsync_Cancelled_Ends()
    {
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(100));
        Func<Task> long1 = () => generator.GenerateAsync(
            Enumerable.Repeat(Repository.Texts, 2000).SelectMany(x => x), cancellationToken: cancel.Token);
        await long1.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void GetService_KnowsWhatItIsMadeOf()
    {
        IEmbeddingGenerator<string, Embedding<float>> known = generator;
        EmbeddingGeneratorMetadata metadata = known.GetRequiredService<EmbeddingGeneratorMetadata>();
        (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions)
            .Should().Be(("gauruntime", "legal.int8", embedder.Dimensions));
        known.GetService<GauModel>().Should().BeSameAs(model);
        known.GetService<GauEmbedder>().Should().BeSameAs(embedder);
        known.GetService<GauEmbeddingGenerator>().Should().BeSameAs(generator);
        known.GetService<GauModel>("key").Should().BeNull();
        known.GetService<string>().Should().BeNull();
    }

    [Fact]
    public async Task Wrappers_CachingLoggingAndOpenTelemetry_WorkAroundIt()
    {
        List<Activity> activities = [];
        List<Metric> metrics = [];
        using TracerProvider traces = Sdk.CreateTracerProviderBuilder()
            .AddSource("wrapped", GauTelemetry.Name).AddInMemoryExporter(activities).Build();
        using MeterProvider meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(GauTelemetry.Name).AddInMemoryExporter(metrics).Build();
        using ListLogger log = new();
        using ILoggerFactory loggers = LoggerFactory.Create(
            builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        using IEmbeddingGenerator<string, Embedding<float>> wrapped = generator.AsBuilder()
            .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .UseLogging(loggers).UseOpenTelemetry(loggers, "wrapped").Build();

        GeneratedEmbeddings<Embedding<float>> first = await wrapped.GenerateAsync(["条例", "规定"]);
        GeneratedEmbeddings<Embedding<float>> again = await wrapped.GenerateAsync(["条例", "规定"]);
        again.Select(e => e.Vector.ToArray()).Should().BeEquivalentTo(
            first.Select(e => e.Vector.ToArray()), o => o.WithStrictOrdering());

        meters.ForceFlush();
        // Others may embed at the same time.
        ActivityTraceId[] own = [.. activities.Where(a => a.Source.Name == "wrapped").Select(a => a.TraceId)];
        activities.Count(a => a.Source.Name == GauTelemetry.Name && a.OperationName == "gau.embed" && own.Contains(a.TraceId))
            .Should().Be(1, "the second answer comes from the cache");
        activities.Should().Contain(a => a.OperationName == "embeddings legal.int8");
        log.Lines.Should().Contain(line => line.Contains("GenerateAsync generated 2 embedding(s)", StringComparison.Ordinal));
        metrics.Select(metric => metric.Name).Should().BeEquivalentTo("gau.records", "gau.tokens", "gau.duration");
    }

    private sealed class ListLogger : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
