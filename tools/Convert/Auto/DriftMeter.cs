using GauRuntime.Convert.Measurement;
using GauRuntime.Heads;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Convert.Auto;

/// <summary>Measures the <see cref="Drift"/> of models on texts; keeps the exact model's answers.</summary>
internal sealed class DriftMeter
{
    private readonly SampleFile samples;
    private readonly AnswerKind kind;
    private readonly List<Answer> exact = [];
    private readonly TextHalves halves;

    /// <summary>Asks the exact model.</summary>
    public DriftMeter(GauModel exact, SampleFile samples)
    {
        this.samples = samples;
        kind = AnswerKinds.Of(exact);
        SampleRun.Over(
            samples.Read(), () => new Reader(exact), (reader, sample) => Answers(reader, sample, null),
            (_, answer) => this.exact.Add(answer));
        int[] texts =
            [.. Enumerable.Range(0, this.exact.Count).Where(number => this.exact[number].Values.Length > 0)];
        if (texts.Length == 0)
            throw new ToolException(
                ExitCode.Usage, $"{samples.Path}: no text is long enough to hide a character in: nothing to measure",
                samples.Path);
        if (texts.Length < 2)
            throw new ToolException(
                ExitCode.Usage,
                $"{samples.Path}: --auto needs two texts or more that something can be measured on: half of them "
                + "choose, the others judge",
                samples.Path);
        halves = new TextHalves(texts);
    }

    /// <summary>Texts to choose on.</summary>
    public int Choosing => halves.Choosing;

    /// <summary>The drift of a model on the texts to choose on.</summary>
    /// <param name="model">A model of the same sizes, head and tokenizer.</param>
    /// <param name="texts">The first so many of them.</param>
    public Drift Measure(GauModel model, int texts = int.MaxValue)
    {
        double sum = 0;
        long values = 0, changed = 0, choices = 0;
        Compare(
            model, samples.Read().Where(sample => halves.Chooses(sample.Number)).Take(texts),
            difference =>
            {
                sum += difference.Sum;
                values += difference.Values;
                changed += difference.Changed;
                choices += difference.Choices;
            });
        return new Drift(sum / Math.Max(1, values), changed / (double)Math.Max(1, choices));
    }

    /// <summary>What the other texts say of a model.</summary>
    public Judgement Judge(GauModel model)
    {
        List<double> drifts = [];
        long changed = 0, choices = 0;
        Compare(
            model, samples.Read().Where(sample => halves.Judges(sample.Number)),
            difference =>
            {
                if (difference.Values > 0)
                    drifts.Add(difference.Sum / difference.Values);
                changed += difference.Changed;
                choices += difference.Choices;
            });
        return Judgement.Of(drifts, changed, choices);
    }

    private void Compare(GauModel model, IEnumerable<Sample> texts, Action<Difference> take) =>
        SampleRun.Over(
            texts, () => new Reader(model),
            (reader, sample) => Answers(reader, sample, exact[sample.Number].Choices),
            (sample, answer) =>
            {
                Answer wanted = exact[sample.Number];
                float[] a = wanted.Values, b = answer.Values;
                take(kind switch
                {
                    AnswerKind.Labels => new Difference(
                        Sum(a, b), a.Length, Differ(model, wanted, answer) ? 1 : 0, 1),
                    AnswerKind.Vector => new Difference(1 - Cosine.Of(a, b), 1, 0, 0),
                    AnswerKind.Score => new Difference(Sum(a, b), 1, 0, 0),
                    _ => new Difference(
                        Sum(a, b), a.Length,
                        wanted.Choices.Zip(answer.Choices).Count(pair => pair.First != pair.Second), a.Length),
                });
            });

    private static double Sum(float[] one, float[] other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++)
            sum += Math.Abs((double)one[i] - other[i]);
        return sum;
    }

    private static bool Differ(GauModel model, Answer wanted, Answer found) =>
        ModelRunner.Decision(model.Head, wanted.Values) != ModelRunner.Decision(model.Head, found.Values);

    /// <summary>
    /// What the model says of the text; or per mask the best token, and the probability of the wanted one.
    /// </summary>
    private Answer Answers(Reader reader, Sample sample, int[]? wanted)
    {
        TextInput input = reader.Input;
        input.Load(sample);
        if (kind != AnswerKind.Masks)
        {
            reader.Runner.Read(input);
            return new Answer([], reader.Runner.Answer());
        }
        if (input.Masks.Length == 0)
            return new Answer([], []);
        float[] logits = reader.Runner.Fill(input);
        int v = logits.Length / input.Masks.Length;
        int[] best = new int[input.Masks.Length];
        float[] probabilities = new float[best.Length];
        for (int mask = 0; mask < best.Length; mask++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(mask * v, v);
            best[mask] = Probabilities.Best(row);
            probabilities[mask] = (float)Math.Exp(row[wanted?[mask] ?? best[mask]] - MaskSums.LogSum(row));
        }
        return new Answer(best, probabilities);
    }

    /// <param name="Choices">The best token of every mask; empty where there are none.</param>
    /// <param name="Values">
    /// Probabilities of the labels, or of the exact model's best token of every mask; a score; or a vector.
    /// </param>
    private sealed record Answer(int[] Choices, float[] Values);

    /// <param name="Sum">Of the absolute differences of a text's probabilities or score; of vectors 1 − cosine.</param>
    /// <param name="Values">How many they are.</param>
    /// <param name="Changed">Labels or tokens that changed.</param>
    /// <param name="Choices">Of so many.</param>
    private readonly record struct Difference(double Sum, int Values, int Changed, int Choices);

    private sealed class Reader(GauModel model) : IDisposable
    {
        public TextInput Input { get; } = new(model);

        public ModelRunner Runner { get; } = new(model);

        public void Dispose() => Runner.Dispose();
    }
}
