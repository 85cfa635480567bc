using GauRuntime.Encoder;
using GauRuntime.Kernels;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>One kernel at one shape on one tier. Prepared, run many times, released; one thread.</summary>
/// <remarks>Public because BenchmarkDotNet wants its parameters to be.</remarks>
public abstract unsafe class KernelCase
{
    /// <summary>Rows that a kernel gets at once, as in the encoder.</summary>
    internal const int Chunk = BatchLayout.ChunkRows;

    private readonly List<IDisposable> buffers = [];
    private readonly Random random = new(1);

    private protected KernelCase(Section section, string tier, string name, string shape)
    {
        (Section, Tier, Name, Shape) = (section, tier, name, shape);
        Kernels = KernelTiers.Get(tier);
    }

    internal Section Section { get; }

    internal string Tier { get; }

    internal string Name { get; }

    internal string Shape { get; }

    /// <summary>Operations or bytes of a run, as the section says.</summary>
    internal abstract double Work { get; }

    /// <summary>Results of a run; 0: nobody asks.</summary>
    internal virtual long Elements => 0;

    /// <summary>The most that was seen of this core, in the section's unit.</summary>
    internal double Peak { get; private set; }

    private protected KernelSet Kernels { get; }

    /// <summary>Measures the peak once more; some 20 ms.</summary>
    internal void ProbePeak() => Peak = Math.Max(Peak, MeasurePeak());

    internal abstract void Prepare();

    internal abstract void Run();

    internal void Release()
    {
        foreach (IDisposable buffer in buffers)
            buffer.Dispose();
        buffers.Clear();
    }

    public override string ToString() => $"{Name} {Shape} {Tier}";

    private protected abstract double MeasurePeak();

    /// <summary>Zeros, until <see cref="Release"/>.</summary>
    private protected T* Zeros<T>(long count)
        where T : unmanaged
    {
        NativeBuffer<T> buffer = new();
        buffers.Add(buffer);
        return buffer.Reserve(count);
    }

    /// <summary>Random floats, the same for each of some layers, until <see cref="Release"/>.</summary>
    private protected float* Floats(long count, float low, float high, int layers = 1)
    {
        float* x = Zeros<float>(count * layers);
        for (long i = 0; i < count; i++)
            x[i] = low + (high - low) * random.NextSingle();
        Repeat(x, count * sizeof(float), layers);
        return x;
    }

    /// <summary>Random bytes of −127 … 127, the same for each of some layers, until <see cref="Release"/>.</summary>
    private protected sbyte* Bytes(long count, int layers = 1, int lowest = -127)
    {
        sbyte* x = Zeros<sbyte>(count * layers);
        for (long i = 0; i < count; i++)
            x[i] = (sbyte)random.Next(lowest, 128);
        Repeat(x, count, layers);
        return x;
    }

    private static void Repeat(void* first, long bytes, int layers)
    {
        for (int layer = 1; layer < layers; layer++)
            Buffer.MemoryCopy(first, (byte*)first + layer * bytes, bytes, bytes);
    }
}
