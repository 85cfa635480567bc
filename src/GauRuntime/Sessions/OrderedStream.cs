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
    /// <param name="answer">The answer of a text.</param>
    /// <param name="cancel">Ends the stream.</param>
    public static async IAsyncEnumerable<T> Run<TInput, T>(
        GauModel model, IAsyncEnumerable<TInput> texts, Func<TInput, T> answer,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<Task<T>> answers = Channel.CreateBounded<Task<T>>(
            Math.Min(model.Sessions.Most, Environment.ProcessorCount));
        Task reading = Read(texts, answer, answers.Writer, stop.Token);
        try
        {
            await foreach (Task<T> next in answers.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                yield return await next.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            while (answers.Reader.TryRead(out Task<T>? left))
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Ends without an exception: the channel hands it over, behind the answers before it.
    private static async Task Read<TInput, T>(
        IAsyncEnumerable<TInput> texts, Func<TInput, T> answer, ChannelWriter<Task<T>> answers, CancellationToken stop)
    {
        try
        {
            int count = 0;
            await foreach (TInput text in texts.WithCancellation(stop).ConfigureAwait(false))
            {
                int index = count++;
                await answers.WriteAsync(Task.Run(() => Answer(text, index, answer), stop), stop).ConfigureAwait(false);
            }
            answers.Complete();
        }
        catch (Exception e)
        {
            answers.Complete(e);
        }
    }

    private static T Answer<TInput, T>(TInput text, int index, Func<TInput, T> answer)
    {
        try
        {
            return answer(text ?? throw new ArgumentException($"text {index} is null"));
        }
        catch (GauTextException e)
        {
            throw new GauTextException(e.Reason, index, e);
        }
    }
}
