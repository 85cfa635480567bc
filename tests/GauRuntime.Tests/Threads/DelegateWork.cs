using GauRuntime.Threads;

namespace GauRuntime.Tests.Threads;

/// <summary>Work that a test writes where it needs it.</summary>
internal sealed class DelegateWork(Action<int> execute) : PoolWork
{
    public override void Execute(int worker) => execute(worker);
}
