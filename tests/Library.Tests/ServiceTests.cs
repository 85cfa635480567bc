using FluentAssertions;
using GauRuntime.Extensions;
using GauRuntime.Weights.ModelFile;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace GauRuntime.Library.Tests;

public sealed class ServiceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AddGauRuntime_AModel_GivesAllOfItsServices()
    {
        GauModel model;
        using (ServiceProvider services = new ServiceCollection()
            .AddGauRuntime(o => (o.ModelPath, o.Dimensions, o.MaxTokens) = (Repository.Model, 24, 16))
            .BuildServiceProvider())
        {
            model = services.GetRequiredService<GauModel>();
            services.GetRequiredService<GauClassifier>().Model.Should().BeSameAs(model);
            services.GetRequiredService<GauClassifier>().Classify(Repository.Texts[0]).Text.Tokens.Should().Be(16);
            services.GetRequiredService<GauEmbedder>().Options.Should().Be(
                new EmbedderOptions { Normalize = true, Dimensions = 24, MaxTokens = 16 });
            services.GetRequiredService<GauFillMask>().Fill("依法追究刑[MASK]责任").Masks.Should().HaveCount(1);
            services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()
                .GetService<GauEmbedder>().Should().BeSameAs(services.GetRequiredService<GauEmbedder>());
        }
        FluentActions.Invoking(() => new GauEmbedder(model).Embed("一")).Should().Throw<ObjectDisposedException>(
            "the container disposes what it made");
    }

    [Fact]
    public void AddGauRuntime_ModelThatSaysWhereTextsAreCut_CutsThereUnlessTold()
    {
        string own = Tiny(TinyModel.Sequence with { MaxTokens = 8 });
        using ServiceProvider services = new ServiceCollection()
            .AddGauRuntime("own", o => o.ModelPath = own)
            .AddGauRuntime("told", o => (o.ModelPath, o.MaxTokens) = (own, 10)).BuildServiceProvider();
        foreach ((string name, int tokens) in (ReadOnlySpan<(string, int)>)[("own", 8), ("told", 10)])
        {
            services.GetRequiredKeyedService<GauClassifier>(name).Classify(new string('天', 30)).Text.Tokens.Should().Be(tokens);
            services.GetRequiredKeyedService<GauEmbedder>(name).Embed(new string('天', 30)).Text.Tokens.Should().Be(tokens);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.Heads), MemberType = typeof(Architectures))]
    public void AddGauRuntime_ModelWithAnyHead_GivesTheServiceOfItsHead(Architecture architecture, HeadKind kind)
    {
        string tiny = Tiny(TinyModel.HeadOf(architecture, kind), architecture);
        using ServiceProvider services = new ServiceCollection()
            .AddGauRuntime(o => (o.ModelPath, o.MaxTokens) = (tiny, 16)).BuildServiceProvider();
        string text = new('天', 30);
        T Of<T>()
            where T : notnull => services.GetRequiredService<T>();
        Dictionary<HeadKind, Func<TextInfo>> calls = new()
        {
            [HeadKind.SequenceClassification] = () => Of<GauClassifier>().Classify(text).Text,
            [HeadKind.TokenClassification] = () => Of<GauTokenClassifier>().Classify(text).Text,
            [HeadKind.MultipleChoice] = () => Of<GauMultipleChoice>().Choose(null, [text]).Text,
            [HeadKind.QuestionAnswering] = () => Of<GauQuestionAnswering>().Answer("天", text).Text,
        };
        foreach ((HeadKind head, Func<TextInfo> call) in calls)
        {
            if (head == kind)
                call().Should().Be(new TextInfo(16, true, false));
            else
                call.Should().Throw<ArgumentException>()
                    .WithMessage($"*the model's head is {JsonName.Of(kind)}, not *");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public async Task AddGauRuntime_AnyArchitecture_EmbedsFillsAndIsHealthy(Architecture architecture)
    {
        string path = folder.Path("golden"), text = "今天[MASK]气很好";
        using GauModel model = GauModel.Load(Tiny(TinyModel.HeadOf(architecture, HeadKind.MaskedLm), architecture));
        ModelFileWriter.AddGolden(model.File, path, GoldenVectors.Compute(model, model));
        IServiceCollection services = new ServiceCollection().AddLogging().AddGauRuntime(o => o.ModelPath = path);
        services.AddHealthChecks().AddGauRuntime();
        await using ServiceProvider provider = services.BuildServiceProvider();
        Embedding<float> vector = (await provider
            .GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync([text]))[0];
        vector.Vector.ToArray().Should().Equal(
            new GauEmbedder(model, provider.GetRequiredService<GauEmbedder>().Options).Embed(text).Vector.ToArray());
        provider.GetRequiredService<GauFillMask>().Fill(text).Masks.Single().Tokens.Should().Equal(
            new GauFillMask(model).Fill(text).Masks.Single().Tokens);
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        report.Status.Should().Be(HealthStatus.Healthy);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void AddGauRuntime_CrossEncoder_GivesItsReranker(Architecture architecture)
    {
        string tiny = Tiny(TinyModel.CrossEncoderOf(architecture), architecture);
        using ServiceProvider services = new ServiceCollection()
            .AddGauRuntime(o => (o.ModelPath, o.MaxTokens) = (tiny, 16)).BuildServiceProvider();
        services.GetRequiredService<GauReranker>().Score("天", new string('天', 30)).Text
            .Should().Be(new TextInfo(16, true, false));
        using ServiceProvider others = new ServiceCollection()
            .AddGauRuntime(o => o.ModelPath = Repository.Model).BuildServiceProvider();
        FluentActions.Invoking(() => others.GetRequiredService<GauReranker>()).Should().Throw<ArgumentException>()
            .WithMessage("*the model has 4 outputs: reranking needs a cross-encoder*");
    }

    [Fact]
    public void AddGauRuntime_NamedModels_AreKeyedServices()
    {
        string tiny = Tiny(TinyModel.Sequence);
        using ServiceProvider services = new ServiceCollection()
            .AddGauRuntime("legal", o => o.ModelPath = Repository.Model)
            .AddGauRuntime("tiny", o => (o.ModelPath, o.ModelId) = (tiny, "small"))
            .BuildServiceProvider();
        services.GetRequiredKeyedService<GauClassifier>("legal").Labels.Should().Contain("司法解释");
        services.GetRequiredKeyedService<GauClassifier>("tiny").Labels.Should().Equal("a", "b", "c");
        services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("tiny")
            .GetRequiredService<EmbeddingGeneratorMetadata>().DefaultModelId.Should().Be("small");
        services.GetService<GauModel>().Should().BeNull("no model is without a name");
    }

    [Fact]
    public async Task Host_WithOptionsThatAreWrong_DoesNotStartAndSaysWhy()
    {
        string malformed = folder.Write("malformed.safetensors", "not a model");
        (await Start(_ => { })).Should().Be("AddGauRuntime: ModelPath is not set");
        (await Start(o => o.ModelPath = "/no/such/model")).Should().StartWith("AddGauRuntime: ").And.Contain("/no/such/model");
        (await Start(o => o.ModelPath = malformed)).Should().StartWith($"AddGauRuntime: {malformed}: ");
        (await Start(o => (o.ModelPath, o.Dimensions) = (Repository.Model, 100_000)))
            .Should().StartWith("AddGauRuntime: 100000 dimensions: the model has ");
        (await Start(o => (o.ModelPath, o.MaxTokens) = (Repository.Model, 3)))
            .Should().StartWith("AddGauRuntime: texts can be cut to 8 to 65536 tokens");
        (await Start(o => (o.ModelPath, o.MaxConcurrency) = (Repository.Model, 0)))
            .Should().Be("AddGauRuntime: MaxConcurrency is 0, not at least 1");
        (await Start(o => o.ModelPath = Repository.Model)).Should().Be("started");
    }

    [Fact]
    public void Classifier_OfAModelWithoutOne_SaysWhichHeadItHas()
    {
        string path = Tiny(TinyModel.NoHead);
        using ServiceProvider services =
            new ServiceCollection().AddGauRuntime(o => o.ModelPath = path).BuildServiceProvider();
        services.GetRequiredService<GauEmbedder>().Embed("天气").Vector.Length.Should().Be(16);
        FluentActions.Invoking(() => services.GetRequiredService<GauClassifier>())
            .Should().Throw<ArgumentException>().WithMessage("*the model's head is masked_lm, not sequence_classification*");
    }

    [Fact]
    public async Task HealthCheck_GoldenVectors_DecideIt()
    {
        string none = Tiny(TinyModel.Sequence);
        IServiceCollection services = new ServiceCollection().AddLogging()
            .AddGauRuntime(o => o.ModelPath = Repository.Model).AddGauRuntime("tiny", o => o.ModelPath = none);
        services.AddHealthChecks().AddGauRuntime().AddGauRuntime("tiny");
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        report.Entries["gauruntime"].Status.Should().Be(HealthStatus.Healthy);
        report.Entries["gauruntime"].Description.Should().Be("3 golden vectors, the same bits");
        report.Entries["gauruntime"].Data["tier"].Should().Be(provider.GetRequiredService<GauModel>().Tier);
        report.Entries["gauruntime-tiny"].Status.Should().Be(HealthStatus.Degraded);

        provider.GetRequiredService<GauModel>().Dispose();
        report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        report.Entries["gauruntime"].Status.Should().Be(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task HealthCheck_OtherBitsThanTheMakerSaw_AreUnhealthy()
    {
        string path = folder.Path("changed.safetensors");
        using (GauModel maker = GauModel.Load(Repository.Model))
        {
            GoldenVector[] golden = [.. maker.File.Golden];
            golden[1] = golden[1] with { Bits = new string('0', 32) };
            ModelFileWriter.AddGolden(maker.File, path, golden);
        }
        using GauModel model = GauModel.Load(path);
        HealthCheckContext context = new()
        {
            Registration = new HealthCheckRegistration("model", new GauHealthCheck(model), HealthStatus.Unhealthy, null),
        };
        HealthCheckResult result = await new GauHealthCheck(model).CheckHealthAsync(context);
        (result.Status, result.Description).Should().Be((HealthStatus.Unhealthy, "1 of 3 golden vectors differ"));
    }

    [Fact]
    public async Task AddGauRuntime_ModelThatSaysHowItEmbeds_DoesSo()
    {
        string own = folder.Path("own");
        TinyModel.Write(own, TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Poolings = [Pooling.First], Steps = [TinyModel.Dense(6, Activation.Tanh)], MaxTokens = 8,
            Prompts = [new EmbeddingPrompt("query", "学习：")],
        });
        using ServiceProvider services = new ServiceCollection()
            .AddGauRuntime("passages", o => o.ModelPath = own)
            .AddGauRuntime("queries", o => (o.ModelPath, o.Prompt) = (own, "query")).BuildServiceProvider();
        using GauModel model = GauModel.Load(own);
        string text = "今天天气很好我们去公园";
        async Task<Embedding<float>> Embedded(string name) => (await services
            .GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name).GenerateAsync([text]))[0];
        Embedding<float> passage = await Embedded("passages");
        passage.Vector.ToArray().Should().Equal(new GauEmbedder(model).Embed(text).Vector.ToArray());
        passage.Dimensions.Should().Be(6);
        passage.AdditionalProperties!.Should().ContainKey(GauEmbeddingGenerator.TruncatedProperty);
        (await Embedded("queries")).Vector.ToArray().Should().Equal(
            new GauEmbedder(model, new EmbedderOptions { Prompt = "query" }).Embed(text).Vector.ToArray());
        (await Start(o => (o.ModelPath, o.Pooling) = (own, Pooling.Max))).Should().Contain(
            "pooling max, but the model says pooling cls, dense 6 tanh");
        (await Start(o => (o.ModelPath, o.Pooling, o.ForcePooling) = (own, Pooling.Max, true))).Should().Be("started");
    }

    // The binder of a configuration sets every property to what it gets of it where there is no key.
    [Fact]
    public void AddGauRuntime_BoundToAConfiguration_LeavesWhatIsNotInItToTheModel()
    {
        string own = folder.Path("own");
        TinyModel.Write(own, TinyModel.Sequence with { MaxTokens = 8 }, embedding: TinyModel.Embedding with
        {
            Poolings = [Pooling.First], Steps = [TinyModel.Dense(6, Activation.Tanh)], MaxTokens = 8,
        });
        EmbedderOptions Bound(params (string Name, string Value)[] settings)
        {
            IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
                settings.Append(("ModelPath", own))
                    .Select(each => KeyValuePair.Create($"Gau:{each.Item1}", (string?)each.Item2))).Build();
            using ServiceProvider services = new ServiceCollection()
                .AddGauRuntime(o => configuration.GetSection("Gau").Bind(o)).BuildServiceProvider();
            services.GetRequiredService<GauClassifier>().Classify(new string('天', 30)).Text.Tokens
                .Should().Be(settings.Length == 0 ? 8 : 10);
            return services.GetRequiredService<GauEmbedder>().Options;
        }

        using GauModel model = GauModel.Load(own);
        Bound().Should().Be(new GauEmbedder(model).Options);
        Bound(("MaxTokens", "10"), ("Pooling", "Max"), ("Normalize", "true"), ("ForcePooling", "true")).Should().Be(
            new GauEmbedder(model, new EmbedderOptions
            {
                MaxTokens = 10, Pooling = Pooling.Max, Normalize = true, ForcePooling = true,
            }).Options);
    }

    // As docs/library.md shows it: without what it adds to keys, the second would be given the vectors of the first.
    [Fact]
    public async Task Cache_OfTwoModelsOrPrompts_MixesNothing()
    {
        string own = folder.Path("own"), other = folder.Path("other");
        TinyModel.Write(own, TinyModel.NoHead, embedding: TinyModel.Embedding with
        {
            Prompts = [new EmbeddingPrompt("query", "学习：")],
        });
        TinyModel.Write(other, TinyModel.NoHead, (_, weights) => weights.Reverse());
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IDistributedCache>(
                new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .AddGauRuntime("passages", o => o.ModelPath = own)
            .AddGauRuntime("queries", o => (o.ModelPath, o.Prompt) = (own, "query"))
            .AddGauRuntime("other", o => o.ModelPath = other).BuildServiceProvider();
        async Task<float[]> Vector(string name)
        {
            using IEmbeddingGenerator<string, Embedding<float>> cached = services
                .GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name).AsBuilder()
                .UseDistributedCache(configure: cache => cache.CacheKeyAdditionalValues =
                    [name, cache.GetRequiredService<GauModel>().File.Hash])
                .Build(services);
            return (await cached.GenerateAsync(["今天天气"]))[0].Vector.ToArray();
        }

        foreach (string name in (string[])["passages", "queries", "other"])
        {
            float[] expected = services.GetRequiredKeyedService<GauEmbedder>(name).Embed("今天天气").Vector.ToArray();
            (await Vector(name)).Should().Equal(expected);
            (await Vector(name)).Should().Equal(expected, "the second comes from the cache");
        }
    }

    private static async Task<string> Start(Action<GauOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGauRuntime(configure);
        using IHost host = builder.Build();
        try
        {
            await host.StartAsync();
            await host.StopAsync();
            return "started";
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }

    private string Tiny(HeadConfig head, Architecture architecture = Architecture.GauAlpha)
    {
        string path = folder.Path("tiny.safetensors");
        TinyModel.Write(path, head, architecture: architecture);
        return path;
    }
}
