namespace GauRuntime.Cli.Explain;

/// <summary>Says on stderr how far an explanation is: at its start, and now and then.</summary>
internal sealed class ExplanationProgress(CommandHost host, bool json)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long told = host.Clock.GetTimestamp();

    /// <param name="done">Tokens that have been taken away.</param>
    /// <param name="all">Tokens of the text.</param>
    public void Tell(int done, int all)
    {
        if (done == 0)
            host.Note($"computing the answer without each of {all} tokens", json);
        else if (done < all && host.Clock.GetElapsedTime(told) >= Interval)
            host.Note($"{done} of {all} tokens are done", json);
        else
            return;
        told = host.Clock.GetTimestamp();
    }
}
