using System.Collections.Concurrent;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>
/// The buffers for texts that are longer than a batch: so many that memory is bounded, shared by the workers.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="count">How many may be in use at once.</param>
/// <param name="longest">The most tokens of a text.</param>
internal sealed class LongTexts(GauModel model, int count, int longest) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);
    private readonly ConcurrentBag<GauWorkspace> workspaces = [];

    /// <summary>Takes one, and waits for it if all are in use.</summary>
    public GauWorkspace Take(CancellationToken cancel)
    {
        free.Wait(cancel);
        if (workspaces.TryTake(out GauWorkspace? workspace))
            return workspace;
        workspace = new GauWorkspace(model);
        workspace.Reserve(longest, texts: 1);
        return workspace;
    }

    /// <summary>Gives one back.</summary>
    public void Give(GauWorkspace workspace)
    {
        workspaces.Add(workspace);
        free.Release();
    }

    public void Dispose()
    {
        foreach (GauWorkspace workspace in workspaces)
            workspace.Dispose();
        free.Dispose();
    }
}
