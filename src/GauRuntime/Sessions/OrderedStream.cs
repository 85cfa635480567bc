using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace GauRuntime.Sessions;

/// <summary>Answers to a stream of texts, in its order, a few computed at once.</summary>
/// <remarks>An answer comes as soon as it and those before it are there: no text waits for later ones.</remarks>
internal static class OrderedStream
{
    /// <summary>The answers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Read ahead by as many texts as are computed at once.</param>
    /// <param name="answer">The answer of a text; its token ends it, in the middle of a pass too.</param>
    /// <param name="cancel">Ends the stream.</param>
    public static async IAsyncEnumerable<T> Run<TInput, T>(
        GauModel model, IAsyncEnumerable<TInput> texts, Func<TInput, CancellationToken, T> answer,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<Task<T>> answers = Channel.CreateBounded<Task<T>>(
            Math.Min(model.Sessions.Most, Environment.ProcessorCount));
        Task reading = Read(texts, answer, answers.Writer, stop.Token), current = Task.CompletedTask;
        try
        {
            await foreach (Task<T> next in answers.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                current = next;
                yield return await next.WaitAsync(cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            // Nothing computes any more when the stream has ended.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            await current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (answers.Reader.TryRead(out Task<T>? left))
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Ends without an exception: the channel hands it over, behind the answers before it.
    private static async Task Read<TInput, T>(
        IAsyncEnumerable<TInput> texts, Func<TInput, CancellationToken, T> answer, ChannelWriter<Task<T>> answers,
        CancellationToken stop)
    {
        Task begun = Task.CompletedTask;
        try
        {
            int count = 0;
            await foreach (TInput text in texts.WithCancellation(stop).ConfigureAwait(false))
            {
                int index = count++;
                Task<T> next = Task.Run(() => Answer(text, index, answer, stop), stop);
                begun = next;
                await answers.WriteAsync(next, stop).ConfigureAwait(false);
            }
            answers.Complete();
        }
        catch (Exception e)
        {
            answers.Complete(e);
            await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // there may have been no room for it
        }
    }

    private static T Answer<TInput, T>(
        TInput text, int index, Func<TInput, CancellationToken, T> answer, CancellationToken stop)
    {
        try
        {
            return answer(text ?? throw new ArgumentException($"text {index} is null"), stop);
        }
        catch (GauTextException e)
        {
            throw new GauTextException(e.Reason, index, e);
        }
    }
}
