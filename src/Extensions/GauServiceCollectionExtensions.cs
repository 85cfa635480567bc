using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GauRuntime.Extensions;

/// <summary>Registers models as services.</summary>
public static class GauServiceCollectionExtensions
{
    /// <summary>
    /// Registers, as singletons, a <see cref="GauModel"/> and over it <see cref="GauClassifier"/>,
    /// <see cref="GauReranker"/>, <see cref="GauTokenClassifier"/>, <see cref="GauMultipleChoice"/>,
    /// <see cref="GauQuestionAnswering"/>, <see cref="GauEmbedder"/>, <see cref="GauFillMask"/> and
    /// <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.
    /// </summary>
    /// <remarks>
    /// A host does not start with options that are wrong or a file that is no sound model. The first five are each
    /// there for models with its head; asking for that of another throws and says which head it has.
    /// </remarks>
    /// <param name="services">Where to.</param>
    /// <param name="configure">Sets at least <see cref="GauOptions.ModelPath"/>.</param>
    public static IServiceCollection AddGauRuntime(this IServiceCollection services, Action<GauOptions> configure) =>
        Add(services, null, configure);

    /// <summary>As above for one of several models: its services have the name as their key.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">The key, for <c>[FromKeyedServices]</c> and GetRequiredKeyedService.</param>
    /// <param name="configure">Sets at least <see cref="GauOptions.ModelPath"/>.</param>
    public static IServiceCollection AddGauRuntime(
        this IServiceCollection services, string name, Action<GauOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Add(services, name, configure);
    }

    /// <summary>The options of a model.</summary>
    internal static GauOptions Options(IServiceProvider services, object? key) =>
        services.GetRequiredService<IOptionsMonitor<GauOptions>>()
            .Get((string?)key ?? Microsoft.Extensions.Options.Options.DefaultName);

    /// <summary>A service of a model.</summary>
    internal static T Of<T>(IServiceProvider services, object? key)
        where T : notnull => services.GetRequiredKeyedService<T>(key);

    private static IServiceCollection Add(IServiceCollection services, string? key, Action<GauOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        string name = key ?? Microsoft.Extensions.Options.Options.DefaultName;
        services.AddOptions<GauOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GauOptions>>(new GauOptionsValidation(name));
        services.AddKeyedSingleton(key, (provider, k) =>
        {
            GauOptions options = Options(provider, k);
            return GauModel.Load(options.ModelPath, options.MaxConcurrency);
        });
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauClassifier(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauReranker(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauTokenClassifier(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauMultipleChoice(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauQuestionAnswering(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauEmbedder(Of<GauModel>(provider, k), Options(provider, k).EmbedderFor(Of<GauModel>(provider, k))));
        services.AddKeyedSingleton(key, (provider, k) =>
            new GauFillMask(Of<GauModel>(provider, k), Options(provider, k).MaxTokens));
        services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(key, (provider, k) =>
            new GauEmbeddingGenerator(Of<GauEmbedder>(provider, k), Options(provider, k).Name));
        return services;
    }
}
