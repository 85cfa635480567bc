namespace GauRuntime.TestSupport;

/// <summary>What a piece of work leaves to the garbage collector.</summary>
internal static class Allocation
{
    private const int Tries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The least that a thread allocates, in bytes, when it does some work again and again.</summary>
    /// <param name="enough">No more tries once it is as little as this.</param>
    /// <param name="work">The work; it runs on this thread.</param>
    /// <remarks>
    /// Code that is not yet compiled for good allocates more, and on a busy machine the compiler comes late.
    /// </remarks>
    public static long Least(long enough, Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > enough; i++)
        {
            if (i > 0)
                Thread.Sleep(Pause);
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
