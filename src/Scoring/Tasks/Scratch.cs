namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// What a worker thread computes with: its workspace, the batch in it, and buffers that grow to what was needed.
/// </summary>
internal sealed class Scratch(GauModel model) : IDisposable
{
    private float[] values = [];
    private float[] more = [];

    public GauModel Model { get; } = model;

    public GauWorkspace Workspace { get; } = new(model);

    /// <summary>The batch whose hidden states the workspace holds.</summary>
    public GauBatch Batch { get; set; } = new();

    /// <summary>A buffer of that length; the content is what it was.</summary>
    public Span<float> Values(int length) => Grown(ref values, length);

    /// <summary>A second one.</summary>
    public Span<float> MoreValues(int length) => Grown(ref more, length);

    public void Dispose() => Workspace.Dispose();

    private static Span<float> Grown(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new float[Math.Max(length, 2 * buffer.Length)];
        return buffer.AsSpan(0, length);
    }
}
