using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>
/// Entities per record, <c>[{"label":…,"start":…,"end":…},…]</c>: right where label, start, end and text of the
/// pair are.
/// </summary>
internal sealed class EntityEvaluation : HeadEvaluation
{
    private readonly ClassCounts classes;
    private readonly HashSet<string> known;
    private long right;

    public EntityEvaluation(IReadOnlyList<string> labels)
    {
        known = [.. new EntityScheme(labels).Kinds];
        classes = new ClassCounts(known);
    }

    public override IReadOnlyList<Measure> Measures =>
    [
        new("entity_f1", classes.Total.F1),
        new("precision", classes.Total.Precision),
        new("recall", classes.Total.Recall),
        new("macro_f1", classes.MacroF1),
        Measure.Part("exact_match", right, Count),
    ];

    public override ClassCounts Classes => classes;

    internal override bool TakesArrays => true;

    internal override string? Fault(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Array)
            return "the label is no array of entities";
        foreach (JsonElement entity in label.EnumerateArray())
        {
            if (Read(entity) is not { } read)
                return $"'{Shown(entity)}' is no entity with label, start and end";
            if (!known.Contains(read.Label))
                return $"label '{Printable.Shortened(read.Label, 40)}': the model has no such label";
        }
        return null;
    }

    internal override string Shown(in TextRecord record, Answer answer)
    {
        (string? text, string? pair) = (record.Text, record.Pair);
        return string.Join(", ", ((EntityAnswer)answer).Entities
            .Select(e => $"{(e.InPair ? pair : text)![e.Start..e.End]} {e.Label}").DefaultIfEmpty("no entity"));
    }

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        HashSet<(string Label, int Start, int End, bool Pair)> truth =
            [.. label.EnumerateArray().Select(e => Read(e)!.Value)];
        List<TextEntity> entities = ((EntityAnswer)answer).Entities;
        RecordOffsets offsets = new(record);
        int found = 0;
        foreach (TextEntity entity in entities)
        {
            bool isRight = truth.Contains((
                entity.Label, offsets.At(entity.Start, entity.InPair), offsets.At(entity.End, entity.InPair),
                entity.InPair));
            classes.Answered(entity.Label, isRight);
            found += isRight ? 1 : 0;
        }
        foreach ((string name, _, _, _) in truth)
            classes.Labelled(name);
        right += found == truth.Count && found == entities.Count ? 1 : 0;
        return truth.Count - found + entities.Count - found;   // those that are missing, and those too many
    }

    /// <summary>An entity of a label: its places in code points; null where it is none.</summary>
    internal static (string Label, int Start, int End, bool Pair)? Read(JsonElement entity) =>
        entity.ValueKind == JsonValueKind.Object
        && entity.TryGetProperty("label"u8, out JsonElement label) && label.ValueKind == JsonValueKind.String
        && entity.TryGetProperty("start"u8, out JsonElement start) && start.ValueKind == JsonValueKind.Number
        && start.TryGetInt32(out int from)
        && entity.TryGetProperty("end"u8, out JsonElement end) && end.ValueKind == JsonValueKind.Number
        && end.TryGetInt32(out int to)
            ? (label.GetString()!, from, to, entity.TryGetProperty("pair"u8, out JsonElement pair)
                && pair.ValueKind == JsonValueKind.True)
            : null;
}
