namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>Threads that take pieces of work from one list.</summary>
internal static class Callers
{
    /// <summary>Calls for every piece once; a caller has its number from 0.</summary>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="callers">Threads, the current one included.</param>
    /// <param name="work">Takes a piece and the caller's number; piece i goes to caller i first.</param>
    public static void Run(int pieces, int callers, Action<int, int> work)
    {
        callers = Math.Min(callers, pieces);
        int next = callers;
        void Call(int caller)
        {
            for (int piece = caller; piece < pieces; piece = Interlocked.Increment(ref next) - 1)
                work(piece, caller);
        }

        Task[] others = [.. Enumerable.Range(1, callers - 1).Select(caller => Task.Run(() => Call(caller)))];
        Call(0);
        Task.WaitAll(others);
    }
}
