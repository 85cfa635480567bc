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
    /// Where a text may have several labels, those that are chosen (<see cref="Probabilities.IsChosen"/>), else the
    /// best alone.
    /// </summary>
    public IReadOnlyList<string> Chosen => head.ProblemType == ProblemType.MultiLabel
        ? [.. head.Labels.Where((_, i) => Probabilities.IsChosen(head, i, Values.Span[i]))]
        : [Label];

    /// <summary>What became of the text.</summary>
    public TextInfo Text { get; }

    private int Best { get; }

    /// <summary>The most probable labels, best first; of equal ones in the order of the model's.</summary>
    /// <param name="count">So many at most, at least 1.</param>
    /// <param name="threshold">Only those of at least this probability.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public IReadOnlyList<LabelScore> Top(int count, float threshold = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return
        [
            .. Probabilities.Best(Values.Span, count).Select(i => new LabelScore(head.Labels[i], Values.Span[i]))
                .TakeWhile(best => best.Score >= threshold),
        ];
    }

    /// <summary>The best label where its score is at least this; null: it is too uncertain to decide.</summary>
    /// <param name="least">The least score of a decision.</param>
    public string? LabelFrom(float least) => Score >= least ? Label : null;

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
