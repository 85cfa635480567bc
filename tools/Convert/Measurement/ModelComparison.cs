namespace GauRuntime.Convert.Measurement;

/// <summary>The exact model against the stored one, on texts.</summary>
internal static class ModelComparison
{
    private const int OutliersPerLayer = 3;

    /// <summary>Measures; keeps sums, never the hidden states of more than a text per thread.</summary>
    /// <param name="exact">F32 weights and attention.</param>
    /// <param name="stored">As it is stored.</param>
    /// <param name="samples">The texts.</param>
    public static Results Run(GauModel exact, GauModel stored, SampleFile samples)
    {
        int h = exact.Config.HiddenSize, layers = exact.Config.LayerCount + 1, texts = 0;
        LayerSums[] sums = [.. Enumerable.Range(0, layers).Select(_ => new LayerSums(h))];
        (string Text, int Character, string Shown)[] worst = new (string, int, string)[layers];
        AnswerKind kind = AnswerKinds.Of(exact);
        LabelSums labels = new(exact.Head);
        VectorSums vectors = new();
        ScoreSums scores = new();
        MaskSums masks = new();
        SampleRun.Over(
            samples.Read(), () => new TextMeter(exact, stored), (meter, sample) => meter.Measure(sample),
            (sample, text) =>
            {
                texts++;
                for (int layer = 0; layer < layers; layer++)
                    if (sums[layer].Add(text.Layers[layer]))
                        worst[layer] = (sample.Id, text.WorstPlaces[layer].Character, text.WorstPlaces[layer].Shown);
                if (kind == AnswerKind.Labels)
                    labels.Add(sample, text.Exact, text.Stored);
                else if (kind == AnswerKind.Vector)
                    vectors.Add(sample.Id, text.Exact, text.Stored);
                else if (kind == AnswerKind.Score)
                    scores.Add(sample.Id, text.Exact[0], text.Stored[0]);
                masks.Add(text.Masks);
            });
        return new Results(
            texts, samples.Rejected, sums[0].Tokens,
            [.. sums.Select((layer, i) => Layer(i, layer, worst[i], h))],
            kind == AnswerKind.Labels ? labels.Result() : null, kind == AnswerKind.Vector ? vectors.Result() : null,
            kind == AnswerKind.Score ? scores.Result() : null, MaskResult.Of(masks));
    }

    private static LayerResult Layer(
        int layer, LayerSums sums, (string Text, int Character, string Shown) worst, int h)
    {
        double rms = Math.Sqrt(sums.Signal / (sums.Tokens * (double)h));
        (int, double)[] outliers = [.. sums.Largest
            .Select((largest, channel) => (Channel: channel, Ratio: rms > 0 ? largest / rms : 0))
            .OrderByDescending(outlier => outlier.Ratio).Take(OutliersPerLayer)];
        return new LayerResult(
            layer, 10 * Math.Log10(sums.Signal / sums.Noise), sums.Cosine / sums.Tokens, sums.WorstCosine, worst.Text,
            worst.Character, worst.Shown, outliers);
    }
}
