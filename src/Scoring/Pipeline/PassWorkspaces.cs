using GauRuntime.Answers;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>The workspaces of a worker thread: its own, and for texts beyond it one that is shared.</summary>
/// <param name="model">The model.</param>
/// <param name="limits">What goes through the model at once.</param>
/// <param name="longTexts">Workspaces for texts that are longer.</param>
/// <param name="drop">Ends a pass in its middle.</param>
internal sealed class PassWorkspaces(GauModel model, PassLimits limits, LongTexts longTexts, CancellationToken drop)
    : IDisposable
{
    private readonly GauWorkspace own = WorkspaceFor(model, limits, drop);
    private GauWorkspace? taken;
    private CancellationToken cancel;

    /// <summary>
    /// Computes a batch; where its choices or windows are too many for one pass, some of them as they are asked for.
    /// </summary>
    public void Compute(AnswerPass pass, AnswerHead head, AnswerBatch batch, CancellationToken cancel)
    {
        this.cancel = cancel;
        GauBatch tokens = batch.Tokens;
        if (tokens.Count == 1 || limits.Allow(tokens.TokenCount, tokens.Count))
            pass.Compute(head, batch, Workspace(tokens.TokenCount));
        else
            pass.ComputeSome(head, batch, Workspace, limits.Tokens, limits.Texts);
    }

    /// <summary>The batch's hidden states are no longer needed.</summary>
    public void End()
    {
        if (taken is null)
            return;
        longTexts.Give(taken);
        taken = null;
    }

    public void Dispose()
    {
        End();
        own.Dispose();
    }

    private GauWorkspace Workspace(int tokens)
    {
        if (tokens <= limits.Tokens)
            return own;
        if (taken is null)
        {
            taken = longTexts.Take(cancel);
            taken.CancellationToken = drop;
        }
        return taken;
    }

    private static GauWorkspace WorkspaceFor(GauModel model, PassLimits limits, CancellationToken drop)
    {
        GauWorkspace workspace = new(model) { CancellationToken = drop };
        workspace.Reserve(limits.Tokens, limits.Texts);
        return workspace;
    }
}
