using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The best tokens for every [MASK] of a record: <c>masks</c>, in the order of the text.</summary>
public sealed class FillTask : RecordTask
{
    private const long BytesPerToken = 64;

    private readonly int top;
    private readonly MaskCandidates? candidates;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="top">Tokens per mask, at least 1.</param>
    /// <exception cref="ScoringException">The model has no masked LM.</exception>
    public FillTask(GauModel model, int top)
        : this(Required(model), Checked(top), (MaskCandidates?)null)
    {
    }

    /// <summary>Makes the task of ranking a few words.</summary>
    /// <param name="model">The model.</param>
    /// <param name="top">Words per mask, at least 1; no more than there are.</param>
    /// <param name="candidates">The words, each of them one token.</param>
    /// <exception cref="ScoringException">
    /// The model has no masked LM, or a word is not one token of its vocabulary, or another once more.
    /// </exception>
    public FillTask(GauModel model, int top, IReadOnlyList<string> candidates)
        : this(
            Required(model), Checked(top), Usage(() => new MaskCandidates(Required(model).Tokenizer, candidates)))
    {
    }

    private FillTask(GauModel model, int top, MaskCandidates? candidates)
        : base(new MaskHead(model, top, candidates)) => (this.top, this.candidates) = (top, candidates);

    private static int Checked(int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        return top;
    }

    private static GauModel Required(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Config.HasMaskedLm ? model : throw new ScoringException(
            ScoringFault.Usage, "fill needs a model with a masked LM, and this one has none");
    }

    internal override string Name => $"fill, top {top}{(candidates is null ? "" : ", of candidates")}";

    internal override IReadOnlyList<KeyValuePair<string, string>> DependsOn =>
        candidates is null ? [] : [new("candidates", candidates.Name)];

    internal override IReadOnlyList<ResultColumn> Columns { get; } = [new("masks", ResultType.Json)];

    internal override long RowBytes(string? text, string? pair, int tokens)
    {
        string mask = Model.Tokenizer.Token(Model.Tokenizer.MaskId), usual = SpecialTokenNames.Default.Mask;
        long masks = text.AsSpan().Count(mask) + pair.AsSpan().Count(mask);
        if (mask != usual)   // is read too
            masks += text.AsSpan().Count(usual) + pair.AsSpan().Count(usual);
        return BytesPerRow + Math.Min(masks, tokens) * (BytesPerRow + ((MaskHead)Head).Top * BytesPerToken);
    }

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        MaskAnswer given = (MaskAnswer)answer;
        RecordOffsets offsets = new(record);
        Utf8JsonWriter json = rows.BeginNested("masks");
        json.WriteStartArray();
        for (int i = 0; i < given.Masks.Length; i++)
        {
            MaskPlace mask = given.Masks[i];
            json.WriteStartObject();
            json.WriteNumber("position"u8, mask.Position);
            json.WriteNumber("offset"u8, offsets.At(mask.Start, mask.InPair));
            json.WriteStartArray("tokens"u8);
            foreach (RankedToken token in given.Tokens(i))
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
