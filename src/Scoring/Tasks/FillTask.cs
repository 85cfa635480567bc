using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Results;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The best tokens for every [MASK] of a record: <c>masks</c>, in the order of the text.</summary>
/// <remarks>
/// Probabilities are softmaxes over the whole vocabulary. A character that the vocabulary holds twice, as <c>x</c> and
/// as the continuation <c>##x</c>, is shown once, with the higher of its two probabilities.
/// </remarks>
public sealed class FillTask : RecordTask
{
    private const long BytesPerToken = 64;

    private readonly int top;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="top">Tokens per mask, at least 1.</param>
    public FillTask(GauModel model, int top)
        : base(model)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        this.top = top;
    }

    internal override string Name => $"fill, top {top}";

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("masks", ResultType.Json)];

    internal override bool KeepsTokens => true;

    private protected override bool ParsesSpecial => true;

    internal override long RowBytes(string? text, string? pair, int tokens)
    {
        string mask = Model.Tokenizer.Token(Model.Tokenizer.MaskId);
        long masks = text.AsSpan().Count(mask) + pair.AsSpan().Count(mask);
        return BytesPerRow + Math.Min(masks, tokens) * (BytesPerRow + top * BytesPerToken);
    }

    internal override string? Encode(TextRecord record, int maxLength, EncodedRecord into)
    {
        base.Encode(record, maxLength, into);
        if (into[0].Ids.Contains(Model.Tokenizer.MaskId))
            return null;
        return into.Truncated ? $"no [MASK] in the first {maxLength} tokens of the text" : "no [MASK] in the text";
    }

    internal override string? Answer(BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        int start = scratch.Batch.Start(entry.FirstText);
        List<(int Position, List<(int Id, float Probability)> Tokens)> masks = [];
        for (int i = 0; i < entry.Ids.Length; i++)
        {
            if (entry.Ids[i] != Model.Tokenizer.MaskId)
                continue;
            Span<float> logits = scratch.Values(Model.Config.VocabSize); // [V]
            MaskedLmHead.Logits(Model, scratch.Workspace, [start + i], logits);
            if (!AllFinite(logits))
                return NotFinite;
            Probabilities.Softmax(logits);
            masks.Add((i, BestTokens(logits)));
        }
        rows.Begin();
        Write(entry, masks, rows);
        return null;
    }

    private List<(int Id, float Probability)> BestTokens(ReadOnlySpan<float> probabilities)
    {
        int candidates = Math.Min(2 * top, probabilities.Length); // every surface form stands there at most twice
        PriorityQueue<int, (float, int)> best = new(candidates + 1);
        for (int id = 0; id < probabilities.Length; id++)
        {
            if (best.Count < candidates)
                best.Enqueue(id, (probabilities[id], -id));
            else
                best.EnqueueDequeue(id, (probabilities[id], -id));
        }
        List<int> ordered = [];
        while (best.TryDequeue(out int id, out _))
            ordered.Add(id);
        ordered.Reverse();
        return Distinct(ordered, probabilities);
    }

    private List<(int Id, float Probability)> Distinct(List<int> ordered, ReadOnlySpan<float> probabilities)
    {
        List<(int Id, float Probability)> tokens = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (int id in ordered)
        {
            string token = Model.Tokenizer.Token(id);
            string surface = Surface(token);
            if (places.TryGetValue(surface, out int place))
            {
                // Of twins with equal probabilities the plain one names the character.
                if (token == surface && probabilities[id] == tokens[place].Probability)
                    tokens[place] = (id, probabilities[id]);
            }
            else if (tokens.Count < top)
            {
                places[surface] = tokens.Count;
                tokens.Add((id, probabilities[id]));
            }
        }
        return tokens;
    }

    private static string Surface(string token) =>
        token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : token;

    private void Write(
        BatchEntry entry, List<(int Position, List<(int Id, float Probability)> Tokens)> masks, ResultRows rows)
    {
        CodePointOffsets first = new(entry.Record.Text);
        CodePointOffsets second = new(entry.Record.Pair);
        Utf8JsonWriter json = rows.BeginNested("masks");
        json.WriteStartArray();
        foreach ((int position, List<(int Id, float Probability)> tokens) in masks)
        {
            TokenSpan span = entry.Spans[position];
            json.WriteStartObject();
            json.WriteNumber("position"u8, position);
            json.WriteNumber("offset"u8, span.Text == 1 ? second.At(span.Start) : first.At(span.Start));
            json.WriteStartArray("tokens"u8);
            foreach ((int id, float probability) in tokens)
            {
                json.WriteStartObject();
                json.WriteString("token"u8, Model.Tokenizer.Token(id));
                json.WriteNumber("probability"u8, probability);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
