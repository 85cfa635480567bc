namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>An encoder, ready to run again and again on the batches it was given.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Takes the input: token ids [batches][texts][tokens].</summary>
    void Prepare(IReadOnlyList<int[][]> batches);

    /// <summary>Encodes all batches.</summary>
    void Run();

    /// <summary>Hidden states of a text [n, h] after <see cref="Run"/> on an input of one batch.</summary>
    float[] Hidden(int text);
}
