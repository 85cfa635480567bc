using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A run of tokens with one label.</summary>
/// <param name="Label">Its kind.</param>
/// <param name="Score">Mean probability of its tokens' labels.</param>
/// <param name="Text">0: in the text, 1: in its pair.</param>
/// <param name="Start">UTF-16 offset of its first character.</param>
/// <param name="End">UTF-16 offset after its last character.</param>
internal sealed record Entity(string Label, float Score, int Text, int Start, int End);

/// <summary>Joins labelled tokens to entities.</summary>
internal sealed class EntityBuilder(EntityScheme scheme, List<Entity> entities)
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
            entities.Add(new Entity(label, (float)(sum / count), text, start, end));
        label = null;
    }
}
