using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>Joins labelled tokens to entities.</summary>
/// <param name="scheme">Reads the labels.</param>
/// <param name="entities">Where they go.</param>
internal struct EntityBuilder(EntityScheme scheme, List<TextEntity> entities)
{
    private string? label;
    private double sum;
    private int count;
    private int text;
    private int start;
    private int end;

    /// <summary>Takes the next token of a text.</summary>
    public void Add(TokenSpan span, int label, float probability)
    {
        (EntityMark mark, string kind) = scheme[label];
        bool continues = mark is EntityMark.Inside or EntityMark.End && this.label == kind && text == span.Text;
        if (!continues)
            Close();
        if (mark == EntityMark.Outside)
            return;
        if (!continues)
        {
            (this.label, text, start) = (kind, span.Text, span.Start);
            (sum, count) = (0, 0);
        }
        end = span.End;
        sum += probability;
        count++;
        if (mark is EntityMark.End or EntityMark.Single)
            Close();
    }

    /// <summary>Ends the entity that is open, if one is.</summary>
    public void Close()
    {
        if (label is not null)
            entities.Add(new TextEntity(label, (float)(sum / count), text == 1, start, end));
        label = null;
    }
}
