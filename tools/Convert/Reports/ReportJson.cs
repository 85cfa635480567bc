using System.Text.Json;
using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Reports;

/// <summary>A report as one JSON object.</summary>
internal static class ReportJson
{
    public static string Of(ReportData data) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("verdict", data.Verdict);
        writer.WriteString("model", data.Conversion.Output);
        writer.WriteString("hash", data.Conversion.Hash);
        writer.WriteString("attention", JsonName.Of(data.Conversion.Model.Encoder.Attention));
        if (data.Conversion.Model.Embedding is { } embedding)
            Embedding(writer, embedding);
        writer.WriteString("texts_file", data.TextsFile);
        Tensors(writer, data);
        if (data.Results is { } results)
            Results(writer, results);
        if (data.Auto is { } auto)
            Auto(writer, auto);
        writer.WriteEndObject();
    });

    /// <summary>A number, or null where it is not finite.</summary>
    public static void Finite(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    /// <summary>How the model makes vectors, also part of what a conversion prints.</summary>
    public static void Embedding(Utf8JsonWriter writer, EmbeddingConfig embedding)
    {
        writer.WritePropertyName("embedding");
        writer.WriteRawValue(ModelMetadata.Json(embedding));
    }

    /// <summary>The search, also part of what a conversion prints.</summary>
    public static void Auto(Utf8JsonWriter writer, AutoResult auto)
    {
        writer.WriteStartObject("auto");
        writer.WriteNumber("target", auto.Target.Share);
        writer.WriteString("chosen", auto.Chosen);
        Drift(writer, auto.Drift);
        writer.WriteNumber("speed", auto.Speed);
        writer.WriteNumber("texts", auto.Texts);
        Judged(writer, auto);
        writer.WriteStartArray("baselines");
        foreach (AutoBaseline baseline in auto.Baselines)
        {
            writer.WriteStartObject();
            writer.WriteString("name", baseline.Name);
            Drift(writer, baseline.Drift);
            writer.WriteNumber("speed", baseline.Speed);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("steps");
        foreach (AutoStep step in auto.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("unit", step.Unit);
            writer.WriteString("from", step.From.ToString());
            writer.WriteString("to", step.To.ToString());
            writer.WriteNumber("estimated_drift", step.Estimate);
            if (step.Measured is { } drift)
                Drift(writer, drift);
            writer.WriteNumber("speed", step.Speed);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Judged(Utf8JsonWriter writer, AutoResult auto)
    {
        writer.WriteStartObject("judged");
        writer.WriteNumber("texts", auto.Judged.Texts);
        writer.WriteNumber("plans", auto.Plans);
        writer.WriteNumber("mean_drift", auto.Judged.Mean);
        Finite(writer, "mean_drift_bound", auto.Judged.MeanBound);
        writer.WriteNumber("changed", auto.Judged.Changed);
        writer.WriteNumber("choices", auto.Judged.Choices);
        writer.WriteNumber("changed_bound", auto.Judged.ChangedBound);
        writer.WriteBoolean("proven", auto.Judged.Proves(auto.Target));
        Finite(writer, "choices_to_prove", auto.Target.ChoicesToProve);
        writer.WriteEndObject();
    }

    private static void Drift(Utf8JsonWriter writer, Drift drift)
    {
        writer.WriteNumber("mean_drift", drift.Mean);
        writer.WriteNumber("changed", drift.Changed);
    }

    private static void Tensors(Utf8JsonWriter writer, ReportData data)
    {
        writer.WriteStartArray("tensors");
        foreach (TensorReport report in data.Conversion.Reports)
        {
            writer.WriteStartObject();
            writer.WriteString("name", report.Name);
            writer.WriteString("type", JsonName.Of(report.Type));
            writer.WriteNumber("bytes", report.Bytes);
            Finite(writer, "snr_db", ReportData.SignalToNoise(report));
            writer.WriteNumber("max_error", report.MaxError);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Results(Utf8JsonWriter writer, Results results)
    {
        writer.WriteNumber("texts", results.Texts);
        writer.WriteNumber("rejected", results.Rejected);
        writer.WriteNumber("tokens", results.Tokens);
        writer.WriteStartArray("layers");
        foreach (LayerResult layer in results.Layers)
            Layer(writer, layer);
        writer.WriteEndArray();
        if (results.Labels is { } labels)
            Labels(writer, labels);
        if (results.Vectors is { } vectors)
            Vectors(writer, vectors);
        if (results.Scores is { } scores)
            Scores(writer, scores);
        MaskResult masks = results.Masks;
        if (masks.Masks == 0)
            return;
        writer.WriteStartObject("masked_lm");
        writer.WriteNumber("masks", masks.Masks);
        writer.WriteNumber("top1_agreement", masks.SameBest);
        writer.WriteNumber("top5_agreement", masks.SharedTop);
        writer.WriteNumber("kl_divergence", masks.Divergence);
        writer.WriteNumber("accuracy_f32", masks.AccuracyExact);
        writer.WriteNumber("accuracy_stored", masks.AccuracyStored);
        writer.WriteEndObject();
    }

    private static void Vectors(Utf8JsonWriter writer, VectorResult vectors)
    {
        writer.WriteStartObject("vectors");
        writer.WriteNumber("texts", vectors.Texts);
        writer.WriteNumber("dimensions", vectors.Dimensions);
        writer.WriteNumber("mean_cosine", vectors.MeanCosine);
        writer.WriteNumber("p5_cosine", vectors.Cosine5);
        writer.WriteNumber("worst_cosine", vectors.WorstCosine);
        writer.WriteString("worst_text", vectors.WorstText);
        writer.WriteNumber("mean_difference", vectors.MeanDifference);
        writer.WriteNumber("max_difference", vectors.LargestDifference);
        writer.WriteString("max_text", vectors.LargestText);
        writer.WriteEndObject();
    }

    private static void Scores(Utf8JsonWriter writer, ScoreResult scores)
    {
        writer.WriteStartObject("scores");
        writer.WriteNumber("texts", scores.Texts);
        writer.WriteNumber("mean_drift", scores.MeanDrift);
        writer.WriteNumber("p95_drift", scores.Drift95);
        writer.WriteNumber("max_drift", scores.LargestDrift);
        writer.WriteString("max_text", scores.LargestText);
        Finite(writer, "spearman", scores.Correlation ?? double.NaN);
        writer.WriteEndObject();
    }

    private static void Layer(Utf8JsonWriter writer, LayerResult layer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("layer", layer.Layer);
        Finite(writer, "snr_db", layer.SignalToNoise);
        writer.WriteNumber("mean_cosine", layer.MeanCosine);
        writer.WriteNumber("worst_cosine", layer.WorstCosine);
        writer.WriteString("worst_text", layer.WorstText);
        writer.WriteNumber("worst_character", layer.WorstCharacter);
        writer.WriteString("worst_token", layer.WorstToken);
        writer.WriteStartArray("outliers");
        foreach ((int channel, double ratio) in layer.Outliers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("channel", channel);
            writer.WriteNumber("largest_over_rms", ratio);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Labels(Utf8JsonWriter writer, LabelResult labels)
    {
        writer.WriteStartObject("labels");
        writer.WriteNumber("texts", labels.Texts);
        writer.WriteNumber("same", labels.Same);
        writer.WriteStartArray("interval_95");
        writer.WriteNumberValue(labels.Interval.Low);
        writer.WriteNumberValue(labels.Interval.High);
        writer.WriteEndArray();
        writer.WriteNumber("mean_drift", labels.MeanDrift);
        writer.WriteNumber("p95_drift", labels.Drift95);
        writer.WriteNumber("max_drift", labels.LargestDrift);
        if (labels.Accuracy is { } accuracy)
        {
            writer.WriteStartObject("accuracy");
            writer.WriteNumber("texts", accuracy.Texts);
            writer.WriteNumber("right_f32", accuracy.Exact);
            writer.WriteNumber("right_stored", accuracy.Stored);
            writer.WriteNumber("only_f32", accuracy.OnlyExact);
            writer.WriteNumber("only_stored", accuracy.OnlyStored);
            writer.WriteNumber("mcnemar_p", accuracy.McNemar);
            writer.WriteEndObject();
        }
        writer.WriteStartArray("changed");
        foreach (ChangedText text in labels.Changed)
        {
            writer.WriteStartObject();
            writer.WriteString("id", text.Id);
            writer.WriteString("text", text.Text);
            writer.WriteString("true_label", text.True);
            writer.WriteString("label_f32", text.Exact);
            writer.WriteNumber("probability_f32", text.ExactProbability);
            writer.WriteString("label_stored", text.Stored);
            writer.WriteNumber("probability_stored", text.StoredProbability);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
