using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GauRuntime.Extensions;

/// <summary>Registers the health check of a model.</summary>
public static class GauHealthChecksBuilderExtensions
{
    /// <summary>Checks the golden vectors of a model of <see cref="GauServiceCollectionExtensions"/>.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="model">The model's name; null: the one without.</param>
    /// <param name="name">
    /// What reports call the check; null: <c>gauruntime</c>, with the model's name behind a hyphen.
    /// </param>
    /// <param name="failureStatus">What a failure is; null: unhealthy.</param>
    /// <param name="tags">For filters.</param>
    public static IHealthChecksBuilder AddGauRuntime(
        this IHealthChecksBuilder builder, string? model = null, string? name = null,
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? (model is null ? "gauruntime" : $"gauruntime-{model}"),
            services => new GauHealthCheck(GauServiceCollectionExtensions.Of<GauModel>(services, model)),
            failureStatus, tags));
    }
}
