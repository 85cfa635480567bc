using GauRuntime.Text;

namespace GauRuntime.Convert.Measurement;

/// <summary>What a text shows of the difference between two models.</summary>
/// <param name="Layers">Sums per layer, from the embedding on.</param>
/// <param name="WorstPlaces">Per layer, where the worst token stands, in code points, and its characters.</param>
/// <param name="Exact">What the exact model answers, see <see cref="ModelRunner.Answer"/>.</param>
/// <param name="Stored">The same, stored model.</param>
/// <param name="Masks">Sums over the masked characters.</param>
internal sealed record TextMeasure(
    LayerSums[] Layers, (int Character, string Shown)[] WorstPlaces, float[] Exact, float[] Stored, MaskSums Masks);

/// <summary>Runs a text through the exact model and the stored one. One per thread.</summary>
/// <remarks>Holds the hidden states of one text, of all layers of the exact model.</remarks>
internal sealed class TextMeter(GauModel exactModel, GauModel storedModel) : IDisposable
{
    private readonly ModelRunner exact = new(exactModel), stored = new(storedModel);
    private readonly TextInput input = new(storedModel);
    private readonly int h = exactModel.Config.HiddenSize, layers = exactModel.Config.LayerCount + 1;
    private float[] states = [];   // [layers, tokens, h] of the exact model

    public TextMeasure Measure(Sample sample)
    {
        input.Load(sample);
        int n = input.Whole.Tokens.TokenCount;
        if (states.Length < layers * n * h)
            states = new float[layers * n * h];
        LayerSums[] sums = [.. Enumerable.Range(0, layers).Select(_ => new LayerSums(h))];
        exact.Read(input, layer =>
        {
            for (int token = 0; token < n; token++)
                exact.Workspace.Hidden(token).CopyTo(State(layer, token, n));
        });
        stored.Read(input, layer =>
        {
            for (int token = 0; token < n; token++)
                sums[layer].Add(State(layer, token, n), stored.Workspace.Hidden(token), token);
        });
        float[] exactAnswer = exact.Answer(), storedAnswer = stored.Answer();
        return new TextMeasure(
            sums, [.. sums.Select(layer => Place(sample, layer.WorstToken))], exactAnswer, storedAnswer, Masks());
    }

    public void Dispose()
    {
        exact.Dispose();
        stored.Dispose();
    }

    private Span<float> State(int layer, int token, int n) => states.AsSpan((layer * n + token) * h, h);

    private MaskSums Masks()
    {
        MaskSums sums = new();
        if (input.Masks.Length == 0)
            return sums;
        float[] a = exact.Fill(input), b = stored.Fill(input);
        int v = exact.Model.Config.VocabSize;
        for (int mask = 0; mask < input.Masks.Length; mask++)
            sums.Add(a.AsSpan(mask * v, v), b.AsSpan(mask * v, v), input.Hidden[mask]);
        return sums;
    }

    private (int, string) Place(Sample sample, int token)
    {
        TokenSpan span = input.Span(token);
        string text = span.Text == 1 ? sample.Pair! : sample.Text;
        string shown = span.End > span.Start
            ? text[span.Start..span.End]
            : exact.Model.Tokenizer.Token(input.Id(token));
        return (new CodePointOffsets(text).At(span.Start), shown);
    }
}
