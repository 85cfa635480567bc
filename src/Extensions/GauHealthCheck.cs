using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GauRuntime.Extensions;

/// <summary>
/// Whether a model computes what its maker saw: re-runs the golden vectors of its file, as <c>gau verify</c>.
/// </summary>
/// <remarks>
/// Healthy where every bit is the same; degraded where the file holds none; else as the registration says, which is
/// unhealthy unless told. Takes as long as three texts of up to 40 tokens.
/// </remarks>
public sealed class GauHealthCheck(GauModel model) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            IReadOnlyList<GoldenCheck> checks =
                await Task.Run(() => GoldenVectors.Verify(model), cancellationToken).ConfigureAwait(false);
            int wrong = checks.Count(check => !check.SameBits);
            Dictionary<string, object> data = new() { ["model"] = model.File.Path, ["tier"] = model.Tier };
            if (checks.Count == 0)
                return HealthCheckResult.Degraded("the model file holds no golden vectors", data: data);
            return wrong == 0
                ? HealthCheckResult.Healthy($"{checks.Count} golden vectors, the same bits", data)
                : new HealthCheckResult(
                    context.Registration.FailureStatus, $"{wrong} of {checks.Count} golden vectors differ", data: data);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
