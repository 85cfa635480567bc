using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The best tokens for every [MASK] of a record: <c>masks</c>, in the order of the text.</summary>
/// <remarks>
/// Probabilities are softmaxes over the whole vocabulary; <see cref="TokenRanking"/> picks the best.
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
        string mask = Model.Tokenizer.Token(Model.Tokenizer.MaskId), usual = SpecialTokenNames.Default.Mask;
        long masks = text.AsSpan().Count(mask) + pair.AsSpan().Count(mask);
        if (mask != usual)   // is read too
            masks += text.AsSpan().Count(usual) + pair.AsSpan().Count(usual);
        return BytesPerRow + Math.Min(masks, tokens) * (BytesPerRow + top * BytesPerToken);
    }

    internal override string? Encode(in TextRecord record, int maxLength, EncodedRecord into)
    {
        base.Encode(record, maxLength, into);
        return into[0].Ids.Contains(Model.Tokenizer.MaskId) ? null : GauTextException.NoMask(into[0]);
    }

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        int start = scratch.Batch.Start(entry.FirstText);
        List<(int Position, IReadOnlyList<RankedToken> Tokens)> masks = [];
        for (int i = 0; i < entry.Ids.Length; i++)
        {
            if (entry.Ids[i] != Model.Tokenizer.MaskId)
                continue;
            Span<float> probabilities = scratch.Values(Model.Config.VocabSize); // [V]
            if (!MaskedLmHead.TryProbabilities(Model, scratch.Workspace, start + i, probabilities))
                return NotFinite;
            masks.Add((i, TokenRanking.Best(Model.Tokenizer, probabilities, top)));
        }
        rows.Begin();
        Write(entry, masks, rows);
        return null;
    }

    private void Write(
        in BatchEntry entry, List<(int Position, IReadOnlyList<RankedToken> Tokens)> masks, ResultRows rows)
    {
        CodePointOffsets first = new(entry.Record.Text);
        CodePointOffsets second = new(entry.Record.Pair);
        Utf8JsonWriter json = rows.BeginNested("masks");
        json.WriteStartArray();
        foreach ((int position, IReadOnlyList<RankedToken> tokens) in masks)
        {
            TokenSpan span = entry.Spans[position];
            json.WriteStartObject();
            json.WriteNumber("position"u8, position);
            json.WriteNumber("offset"u8, span.Text == 1 ? second.At(span.Start) : first.At(span.Start));
            json.WriteStartArray("tokens"u8);
            foreach (RankedToken token in tokens)
            {
                json.WriteStartObject();
                json.WriteString("token"u8, Model.Tokenizer.Token(token.Id));
                json.WriteNumber("probability"u8, token.Probability);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
