namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// What a worker thread computes with: a workspace, the batch in it, and buffers that grow to what was needed.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="limits">What goes through the model at once.</param>
/// <param name="longTexts">Workspaces for texts that are longer.</param>
internal sealed class Scratch(GauModel model, PassLimits limits, LongTexts longTexts) : IDisposable
{
    private readonly GauWorkspace own = WorkspaceFor(model, limits);
    private readonly GauBatch single = new();
    private GauBatch batch = new();
    private GauWorkspace? taken;
    private CancellationToken cancel;
    private float[] values = [];
    private float[] more = [];

    /// <summary>Holds the hidden states of <see cref="Batch"/>.</summary>
    public GauWorkspace Workspace => taken ?? own;

    /// <summary>What was computed last.</summary>
    public GauBatch Batch { get; private set; } = new();

    /// <summary>Computes a batch, or gets ready to compute its texts as they are asked for.</summary>
    public void Begin(GauBatch batch, CancellationToken cancel)
    {
        this.batch = batch;
        this.cancel = cancel;
        if (batch.Count == 1 || limits.Allow(batch.TokenCount, batch.Count))
            Forward(batch);
    }

    /// <summary>Sees to it that a text of the batch is computed.</summary>
    /// <returns>Its index in <see cref="Batch"/>.</returns>
    public int Find(int text)
    {
        if (Batch == batch)
            return text;
        single.Clear();
        int start = batch.Start(text), length = batch.Length(text);
        single.Add(batch.Ids.Slice(start, length), batch.Segments.Slice(start, length));
        Forward(single);
        return 0;
    }

    /// <summary>The batch's hidden states are no longer needed.</summary>
    public void End()
    {
        Batch = single;
        if (taken is null)
            return;
        longTexts.Give(taken);
        taken = null;
    }

    /// <summary>A buffer of that length; the content is what it was.</summary>
    public Span<float> Values(int length) => Grown(ref values, length);

    /// <summary>A second one.</summary>
    public Span<float> MoreValues(int length) => Grown(ref more, length);

    public void Dispose()
    {
        End();
        own.Dispose();
    }

    private void Forward(GauBatch batch)
    {
        if (batch.TokenCount > limits.Tokens)
            taken ??= longTexts.Take(cancel);
        GauEncoder.Forward(model, batch, Workspace);
        Batch = batch;
    }

    private static GauWorkspace WorkspaceFor(GauModel model, PassLimits limits)
    {
        GauWorkspace workspace = new(model);
        workspace.Reserve(limits.Tokens, limits.Texts);
        return workspace;
    }

    private static Span<float> Grown(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new float[Math.Max(length, 2 * buffer.Length)];
        return buffer.AsSpan(0, length);
    }
}
