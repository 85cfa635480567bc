using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>
/// A classifier out of the masked LM alone: a template puts a text beside <c>[MASK]</c>, and of two labels the one is
/// more probable whose words have the higher mean log probability.
/// </summary>
/// <remarks>
/// The probabilities are a softmax over these means. What the logarithms of all labels have in common, the sum over the
/// vocabulary at each [MASK], is the same for all, because all words have as many tokens; so means of logits do.
/// </remarks>
internal sealed class PromptHead : AnswerHead<LabelAnswer>
{
    private readonly PromptTemplate template;
    private readonly PromptLabels labels;

    /// <summary>Takes template and words.</summary>
    /// <exception cref="ArgumentException">They and the model do not go together.</exception>
    public PromptHead(GauModel model, string template, IReadOnlyList<LabelWords> labels)
        : base(RequireMaskedLm(model))
    {
        this.template = new PromptTemplate(model.Tokenizer, template);
        this.labels = new PromptLabels(model.Tokenizer, labels, this.template.MaskCount);
        Template = template;
        Config = model.Head with
        {
            Kind = HeadKind.SequenceClassification, Labels = this.labels.Names, ProblemType = ProblemType.SingleLabel,
            Calibration = null,   // that of the model is of its own head
        };
    }

    /// <summary>The template, as it was given.</summary>
    public string Template { get; }

    /// <summary>A digest of the words' tokens and their labels.</summary>
    public UInt128 Digest
    {
        get
        {
            XxHash128 hash = new();
            foreach (string name in labels.Names)
            {
                hash.Append(MemoryMarshal.AsBytes(name.AsSpan()));
                hash.Append([0xff, 0xff]);   // no character
            }
            int[] tokens = [.. labels.Tokens()];
            hash.Append(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return hash.GetCurrentHashAsUInt128();
        }
    }

    public override HeadConfig Config { get; }

    public override bool TakesPairs => false;

    public override string? LengthFault(int maxTokens) => Math.Min(maxTokens, Model.MaxTokens) > template.TokenCount
        ? null
        : $"the template has {template.TokenCount} tokens, and texts are cut with it to {maxTokens}: there is no room "
            + "for a text";

    public override void Encode(ReadOnlySpan<char> text, int maxTokens, EncodedTexts into)
    {
        into.Fault = LengthFault(maxTokens);
        if (into.Fault is null)
            template.Encode(
                text, Math.Min(maxTokens, Model.MaxTokens), into.Beside, into.Next(needsPlaces: false));
    }

    public override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens)
    {
        MaskRows.AddRead(Model.Tokenizer.MaskId, batch, sequence, start, tokens);
        return true;
    }

    private protected override bool TryFill(AnswerPass pass, int first, int count, LabelAnswer answer)
    {
        int sequence = pass.Find(first), start = pass.Computed.Start(sequence);
        answer.Labels = labels.Names;
        Span<double> sums = pass.Sums(labels.Names.Count);
        sums.Clear();
        for (int mask = 0; mask < template.MaskCount; mask++)
        {
            int place = template.MaskPlace(mask, pass.Computed.Length(sequence));
            ReadOnlySpan<float> logits = pass.Masks.Logits(pass, start + place);
            if (!Probabilities.AllFinite(logits))
                return false;
            labels.Add(mask, logits, sums);
        }
        Span<float> values = answer.Reset(labels.Names.Count);
        labels.Mean(sums, values);
        if (!Probabilities.AllFinite(values))
            return false;
        Probabilities.Softmax(values);
        return true;
    }
}
