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
    private string? _label;
    private double _sum;
    private int _count;
    private int _text;
    private int _start;
    private int _end;

    /// <summary>Takes the next token of a text.</summary>
    public void Add(TokenSpan span, int label, float probability)
    {
        (EntityMark mark, string kind) = scheme[label];
        bool continues = mark is EntityMark.Inside or EntityMark.End && _label == kind && _text == span.Text;
        if (!continues)
            Close();
        if (mark == EntityMark.Outside)
            return;
        if (!continues)
        {
            (_label, _text, _start) = (kind, span.Text, span.Start);
            (_sum, _count) = (0, 0);
        }
        _end = span.End;
        _sum += probability;
        _count++;
        if (mark is EntityMark.End or EntityMark.Single)
            Close();
    }

    /// <summary>Ends the entity that is open, if one is.</summary>
    public void Close()
    {
        if (_label is not null)
            entities.Add(new Entity(_label, (float)(_sum / _count), _text, _start, _end));
        _label = null;
    }
}
