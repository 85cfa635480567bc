using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GauRuntime;

/// <summary>
/// What <see cref="GauClassifier"/>, <see cref="GauEmbedder"/>, <see cref="GauFillMask"/>,
/// <see cref="GauTokenClassifier"/>, <see cref="GauMultipleChoice"/>, <see cref="GauQuestionAnswering"/>,
/// <see cref="GauReranker"/> and <see cref="GauCalibrator"/> tell of their calls.
/// </summary>
/// <remarks>
/// A meter with the counters <c>gau.records</c> and <c>gau.tokens</c> and the histogram <c>gau.duration</c> (seconds
/// per call), each with the tag <c>gau.operation</c>; an activity per call, <c>gau.classify</c>, <c>gau.embed</c>,
/// <c>gau.fill</c>, <c>gau.entities</c>, <c>gau.choose</c>, <c>gau.answer</c>, <c>gau.rerank</c> or
/// <c>gau.calibrate</c>. A batch is one call. Texts are in neither. Without a listener a call costs a few comparisons.
/// </remarks>
public static class GauTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "GauRuntime";

    internal const string OperationTag = "gau.operation", RecordsTag = "gau.records", TokensTag = "gau.tokens";

    internal const string Classify = "classify", Embed = "embed", Fill = "fill";

    internal const string Entities = "entities", Choose = "choose", Answer = "answer", Rerank = "rerank";

    internal const string Calibrate = "calibrate";

    private static readonly string Version = typeof(GauTelemetry).Assembly.GetName().Version!.ToString(3);

    private static readonly Meter Meter = new(Name, Version);

    internal static ActivitySource Source { get; } = new(Name, Version);

    internal static Counter<long> Records { get; } =
        Meter.CreateCounter<long>(RecordsTag, "{record}", "Texts with an answer.");

    internal static Counter<long> Tokens { get; } =
        Meter.CreateCounter<long>(TokensTag, "{token}", "Tokens of these texts.");

    internal static Histogram<double> Duration { get; } =
        Meter.CreateHistogram<double>("gau.duration", "s", "What a call took, a batch being one.");

    /// <summary>Begins a call.</summary>
    internal static MeasuredCall Begin(string operation)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity($"gau.{operation}") : null;
        return new MeasuredCall(operation, activity, Duration.Enabled ? Stopwatch.GetTimestamp() : 0);
    }
}

/// <summary>A call that is being measured; one that ends without <see cref="Done"/> has failed.</summary>
internal struct MeasuredCall(string operation, Activity? activity, long started) : IDisposable
{
    private bool done;

    public void Done(int records, long tokens)
    {
        done = true;
        KeyValuePair<string, object?> tag = new(GauTelemetry.OperationTag, operation);
        if (GauTelemetry.Records.Enabled)
            GauTelemetry.Records.Add(records, tag);
        if (GauTelemetry.Tokens.Enabled)
            GauTelemetry.Tokens.Add(tokens, tag);
        if (started > 0)
            GauTelemetry.Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tag);
        activity?.SetTag(GauTelemetry.RecordsTag, records).SetTag(GauTelemetry.TokensTag, tokens);
    }

    public readonly void Dispose()
    {
        if (activity is null)
            return;
        if (!done)
            activity.SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }
}
