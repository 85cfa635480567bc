using System.Globalization;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Convert.Reports;

/// <summary>Charts over the layers: noise, direction, outliers.</summary>
internal sealed class LayerCharts(IReadOnlyList<LayerResult> layers)
{
    private const double Width = 480, Height = 230, Left = 58, Right = 472, Bottom = 196, Top = 14;

    /// <summary>The noise in the hidden states.</summary>
    public string Noise()
    {
        Svg svg = new(Width, Height);
        Axis axis = Axis.Around(layers.Select(layer => layer.SignalToNoise), Bottom, Top);
        axis.Draw(svg, Left, Right, " dB");
        (double X, double Y)[] points = [.. layers.Where(layer => double.IsFinite(layer.SignalToNoise))
            .Select(layer => (X(layer.Layer), axis.At(layer.SignalToNoise)))];
        if (points.Length > 1)
            svg.Path(points, "line");
        foreach (LayerResult layer in layers)
            svg.Circle(X(layer.Layer), axis.At(layer.SignalToNoise), 4.5, "dot",
                $"{Name(layer.Layer)}: {Decibels(layer.SignalToNoise)}");
        Names(svg);
        string span = $"from {Decibels(layers[0].SignalToNoise)} after the embedding "
            + $"to {Decibels(layers[^1].SignalToNoise)} after the last layer";
        return svg.Element("noise", "Signal-to-noise ratio of the hidden states, by layer", span)
            + HtmlTable.Of("Numbers", ["after", "signal-to-noise"],
                layers.Select(layer => (string[])[Name(layer.Layer), Decibels(layer.SignalToNoise)]));
    }

    /// <summary>The cosine of exact and stored states: mean, and worst token.</summary>
    public string Cosines()
    {
        Svg svg = new(Width, Height);
        Axis axis = Axis.Around(layers.Select(layer => layer.WorstCosine).Append(1), Bottom, Top);
        axis.Draw(svg, Left, Right, "");
        foreach (LayerResult layer in layers)
        {
            double x = X(layer.Layer), worst = axis.At(layer.WorstCosine);
            svg.Line(x, axis.At(layer.MeanCosine), x, worst, "thin")
                .Circle(x, worst, 4.5, "dot2",
                    $"{Name(layer.Layer)}: worst {Cosine(layer.WorstCosine)}, {Place(layer)}")
                .Circle(x, axis.At(layer.MeanCosine), 4.5, "dot",
                    $"{Name(layer.Layer)}: mean {Cosine(layer.MeanCosine)}");
        }
        Names(svg);
        LayerResult lowest = layers.MinBy(layer => layer.WorstCosine)!;
        return svg.Element("cosine", "Cosine of exact and stored hidden states, by layer",
                $"the worst token is {Place(lowest)}, with {Cosine(lowest.WorstCosine)} after {Name(lowest.Layer)}")
            + HtmlTable.Of("Numbers, and where the worst tokens are",
                ["after", "mean", "worst", "text", "character", "token"],
                layers.Select(layer => (string[])[
                    Name(layer.Layer), Cosine(layer.MeanCosine), Cosine(layer.WorstCosine), layer.WorstText,
                    Number(layer.WorstCharacter), layer.WorstToken]));
    }

    /// <summary>The largest activations, as multiples of the layer's rms.</summary>
    public string Outliers()
    {
        Svg svg = new(Width, Height);
        Axis axis = Axis.Around(layers.Select(Largest), Bottom, Top, fromZero: true);
        axis.Draw(svg, Left, Right, "×");
        double bar = Math.Min(26, 0.62 * (Right - Left) / layers.Count);
        foreach (LayerResult layer in layers)
        {
            double y = axis.At(Largest(layer));
            svg.Rectangle(X(layer.Layer) - bar / 2, y, bar, Bottom - y, "bar",
                $"{Name(layer.Layer)}: {Times(Largest(layer))} in channel {layer.Outliers[0].Channel}");
        }
        Names(svg);
        LayerResult most = layers.MaxBy(Largest)!;
        return svg.Element("outliers", "Largest activation over rms, by layer",
                $"most after {Name(most.Layer)}: {Times(Largest(most))}, in channel {most.Outliers[0].Channel}")
            + HtmlTable.Of("Numbers, and the channels they are in", ["after", "largest", "channels"],
                layers.Select(layer => (string[])[
                    Name(layer.Layer), Times(Largest(layer)),
                    string.Join(", ", layer.Outliers.Select(one => $"{one.Channel} ({Times(one.Ratio)})"))]));
    }

    private double X(int layer) => Left + (Right - Left) * (layer + 0.5) / layers.Count;

    private void Names(Svg svg)
    {
        int every = (layers.Count + 12) / 13;
        foreach (LayerResult layer in layers)
            if (layer.Layer % every == 0)
                svg.Label(X(layer.Layer), Bottom + 18, layer.Layer == 0 ? "E" : Number(layer.Layer));
        svg.Label((Left + Right) / 2, Bottom + 33, "E: embedding, then the layers");
    }

    private static double Largest(LayerResult layer) => layer.Outliers[0].Ratio;

    private static string Name(int layer) => layer == 0 ? "the embedding" : $"layer {layer}";

    private static string Place(LayerResult layer) =>
        $"“{layer.WorstToken}”, character {layer.WorstCharacter} of text {layer.WorstText}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cosine(double value) => value.ToString("F6", CultureInfo.InvariantCulture);

    private static string Times(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + "×";

    internal static string Decibels(double value) =>
        double.IsFinite(value) ? value.ToString("F1", CultureInfo.InvariantCulture) + " dB" : "exact";
}
