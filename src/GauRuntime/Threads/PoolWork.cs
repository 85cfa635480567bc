namespace GauRuntime.Threads;

/// <summary>What all workers of a <see cref="WorkerPool"/> do together. Keep one and run it often: no allocation.</summary>
internal abstract class PoolWork
{
    /// <summary>One worker's share.</summary>
    /// <param name="worker">0 … <see cref="WorkerPool.Threads"/> − 1; 0 is the thread that called Run.</param>
    public abstract void Execute(int worker);
}
