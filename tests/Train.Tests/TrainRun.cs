using System.Text.Json;

namespace GauRuntime.Train.Tests;

/// <summary><c>gau-train</c>, run in this process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record TrainRun(int Code, string Output, string Error)
{
    public static TrainRun Of(params string[] args)
    {
        using StringWriter output = new(), error = new();
        return new TrainRun(CommandLine.Run(args, output, error), output.ToString(), error.ToString());
    }

    /// <summary>A result of <c>--json</c>.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>A figure of <see cref="Json"/>.</summary>
    public double Metric(string name) => Json.GetProperty("metrics").GetProperty(name).GetDouble();
}
