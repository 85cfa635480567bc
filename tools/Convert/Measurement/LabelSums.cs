using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Measurement;

/// <summary>Gathers what the labels of the texts show.</summary>
internal sealed class LabelSums(HeadConfig head)
{
    private const int Listed = 100, ShownCharacters = 160;

    private readonly List<float> largest = [];   // per text
    private readonly List<ChangedText> changed = [];
    private int same, known, rightExact, rightStored, onlyExact, onlyStored;
    private double drift;

    public void Add(Sample sample, float[] exact, float[] stored)
    {
        double sum = 0, most = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double difference = Math.Abs((double)exact[i] - stored[i]);
            sum += difference;
            most = Math.Max(most, difference);
        }
        drift += sum / exact.Length;
        largest.Add((float)most);
        string a = ModelRunner.Decision(head, exact), b = ModelRunner.Decision(head, stored);
        if (a == b)
            same++;
        else if (changed.Count < Listed)
            changed.Add(new ChangedText(
                sample.Id, Printable.Shortened(sample.Text, ShownCharacters), sample.Label, a, exact.Max(), b,
                stored.Max()));
        if (sample.Label is null || !head.Labels.Contains(sample.Label))
            return;
        bool first = a == sample.Label, second = b == sample.Label;
        known++;
        rightExact += first ? 1 : 0;
        rightStored += second ? 1 : 0;
        onlyExact += first && !second ? 1 : 0;
        onlyStored += second && !first ? 1 : 0;
    }

    public LabelResult Result()
    {
        largest.Sort();
        int texts = largest.Count;
        return new LabelResult
        {
            Texts = texts,
            Same = same,
            MeanDrift = drift / Math.Max(1, texts),
            Drift95 = texts == 0 ? 0 : largest[(int)Math.Ceiling(0.95 * texts) - 1],
            LargestDrift = texts == 0 ? 0 : largest[^1],
            Drifts = largest,
            Changed = changed,
            Accuracy = known == 0
                ? null
                : new AccuracyResult(known, rightExact, rightStored, onlyExact, onlyStored),
        };
    }
}
