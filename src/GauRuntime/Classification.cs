using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>What a sequence classifier says of a text.</summary>
public sealed class Classification
{
    private readonly HeadConfig head;

    internal Classification(HeadConfig head, LabelAnswer answer)
    {
        this.head = head;
        Values = answer.Values.ToArray();
        Text = answer.Text;
        Best = answer.Best;
    }

    /// <summary>The most probable label, the first of equals; of a regression its only one.</summary>
    public string Label => head.Labels[Best];

    /// <summary>How probable it is; the value of a regression.</summary>
    public float Score => Values.Span[Best];

    /// <summary>
    /// The probability of every label, in the order of the model's; they sum to 1 unless a text may have several.
    /// </summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The model's labels, in order.</summary>
    public IReadOnlyList<string> Labels => head.Labels;

    /// <summary>
    /// The labels of at least <see cref="Probabilities.Chosen"/> where a text may have several, else the best alone.
    /// </summary>
    public IReadOnlyList<string> Chosen => head.ProblemType == ProblemType.MultiLabel
        ? [.. head.Labels.Where((_, i) => Values.Span[i] >= Probabilities.Chosen)]
        : [Label];

    /// <summary>What became of the text.</summary>
    public TextInfo Text { get; }

    private int Best { get; }

    /// <summary>The probability of a label.</summary>
    /// <exception cref="ArgumentException">The model has no such label.</exception>
    public float this[string label]
    {
        get
        {
            for (int i = 0; i < head.Labels.Count; i++)
                if (head.Labels[i] == label)
                    return Values.Span[i];
            throw new ArgumentException(
                $"the model has no label '{label}': {string.Join(", ", head.Labels)}", nameof(label));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Label} {Score:F4}");
}
