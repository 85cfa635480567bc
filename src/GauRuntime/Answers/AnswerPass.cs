using System.Runtime.InteropServices;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>
/// The one way from tokens to answers: computes the hidden states of a batch that a head reads, which then fills the
/// answer to each input. Once warm it allocates nothing.
/// </summary>
/// <remarks>Belongs to one caller at a time, as do the batch and the workspace that it is given.</remarks>
internal sealed class AnswerPass
{
    private readonly GauBatch some = new();   // sequences that are computed together, as they are asked for
    private readonly List<int> read = [];   // tokens of a pass, where the head does not read all
    private AnswerHead head = null!;
    private Func<int, GauWorkspace>? workspaces;   // where sequences are computed as they are asked for
    private int first, mostTokens, mostSequences;
    private float[] values = [];
    private double[] sums = [];
    private TokenSpan[] places = [];

    /// <summary>The inputs.</summary>
    public AnswerBatch Batch { get; private set; } = null!;

    /// <summary>Holds the hidden states of <see cref="Computed"/>.</summary>
    public GauWorkspace Workspace { get; private set; } = null!;

    /// <summary>The sequences that were computed last: all of the batch, or some.</summary>
    public GauBatch Computed { get; private set; } = null!;

    /// <summary>Its masks on their way through the masked LM.</summary>
    public MaskRows Masks { get; } = new();

    /// <summary>Computes a batch.</summary>
    /// <param name="head">Who fills the answers.</param>
    /// <param name="batch">At least one input; not changed until the last answer is there.</param>
    /// <param name="workspace">Used by nobody else until then.</param>
    /// <param name="afterLayer">
    /// Told when a layer is done, as <see cref="GauEncoder"/> tells it, of all hidden states; or null.
    /// </param>
    public void Compute(AnswerHead head, AnswerBatch batch, GauWorkspace workspace, Action<int>? afterLayer = null)
    {
        Begin(head, batch);
        Forward(batch.Tokens, 0, workspace, afterLayer);
    }

    /// <summary>Gets ready to compute the sequences of a batch as they are asked for, a few together.</summary>
    /// <param name="head">As above.</param>
    /// <param name="batch">As above.</param>
    /// <param name="workspaces">The workspace for so many tokens.</param>
    /// <param name="mostTokens">Tokens that are computed together, unless one sequence has more.</param>
    /// <param name="mostSequences">Sequences that are.</param>
    public void ComputeSome(
        AnswerHead head, AnswerBatch batch, Func<int, GauWorkspace> workspaces, int mostTokens, int mostSequences)
    {
        Begin(head, batch);
        some.Clear();
        (this.workspaces, this.mostTokens, this.mostSequences) = (workspaces, mostTokens, mostSequences);
    }

    /// <summary>Sees to it that a sequence of the batch is computed.</summary>
    /// <returns>Its index in <see cref="Computed"/>.</returns>
    public int Find(int sequence)
    {
        if (workspaces is null)
            return sequence;
        if (sequence < first || sequence >= first + some.Count)
            ComputeFrom(sequence, workspaces);
        return sequence - first;
    }

    /// <summary>A buffer of that length; the content is what it was.</summary>
    public Span<float> Values(int length)
    {
        if (values.Length < length)
            values = new float[Math.Max(length, 2 * values.Length)];
        return values.AsSpan(0, length);
    }

    /// <summary>A buffer of that length for sums; the content is what it was.</summary>
    public Span<double> Sums(int length)
    {
        if (sums.Length < length)
            sums = new double[length];
        return sums.AsSpan(0, length);
    }

    /// <summary>A buffer of that length for places of tokens; the content is what it was.</summary>
    public Span<TokenSpan> Places(int length)
    {
        if (places.Length < length)
            places = new TokenSpan[Math.Max(length, 2 * places.Length)];
        return places.AsSpan(0, length);
    }

    private void ComputeFrom(int sequence, Func<int, GauWorkspace> workspaces)
    {
        GauBatch all = Batch.Tokens;
        first = sequence;
        some.Clear();
        for (; sequence < all.Count && some.Count < mostSequences; sequence++)
        {
            int start = all.Start(sequence), length = all.Length(sequence);
            if (some.Count > 0 && some.TokenCount + length > mostTokens)
                break;
            some.Add(all.Ids.Slice(start, length), all.Segments.Slice(start, length));
        }
        Forward(some, first, workspaces(some.TokenCount));
    }

    private void Begin(AnswerHead head, AnswerBatch batch)
    {
        (this.head, Batch) = (head, batch);
        workspaces = null;
    }

    private void Forward(GauBatch tokens, int firstSequence, GauWorkspace workspace, Action<int>? afterLayer = null)
    {
        if (afterLayer is not null)
            GauEncoder.Forward(workspace.Model, tokens, workspace, afterLayer);
        else if (TryRead(tokens, firstSequence))
            GauEncoder.Forward(workspace.Model, tokens, workspace, CollectionsMarshal.AsSpan(read));
        else
            GauEncoder.Forward(workspace.Model, tokens, workspace);
        (Computed, Workspace) = (tokens, workspace);
        Masks.Clear();
    }

    /// <summary>Lists the tokens that the head reads; false: all.</summary>
    private bool TryRead(GauBatch tokens, int firstSequence)
    {
        read.Clear();
        for (int i = 0; i < tokens.Count; i++)
            if (!head.TryAddRead(Batch, firstSequence + i, tokens.Start(i), read))
                return false;
        return true;
    }
}
