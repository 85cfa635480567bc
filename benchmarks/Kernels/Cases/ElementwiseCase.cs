using GauRuntime.Kernels;

namespace GauRuntime.Benchmarks.Kernels.Cases;

/// <summary>A kernel that gives as many elements as it takes.</summary>
/// <param name="tier">The tier.</param>
/// <param name="name">The kernel.</param>
/// <param name="shape">Its shape, with x as <c>[Chunk, width]</c>.</param>
/// <param name="width">Elements per row.</param>
/// <param name="bytes">Bytes read and written per element.</param>
/// <param name="run">Calls the kernel for all rows.</param>
internal sealed unsafe class ElementwiseCase(
    string tier, string name, string shape, int width, int bytes, Action<KernelSet, ElementwiseCase> run)
    : KernelCase(Section.Elementwise, tier, name, shape)
{
    internal const int MaxWidth = 1536;

    private CopyProbe? probe;

    internal override double Work => (double)bytes * Elements;

    internal override long Elements => (long)Chunk * width;

    /// <summary>
    /// [Chunk, width] values that stay large, however often a kernel runs in place: swish gives back what is above 20.
    /// Denormal numbers would take longer.
    /// </summary>
    internal float* X { get; private set; }

    /// <summary>[Chunk, MaxWidth] ones.</summary>
    internal float* Ones { get; private set; }

    /// <summary>[Chunk, width] results.</summary>
    internal float* Y { get; private set; }

    /// <summary>[Chunk, width] bytes, with scales for blocks of at least 16.</summary>
    internal Int8Rows Rows { get; private set; }

    internal override void Prepare()
    {
        X = Floats(Elements, 30, 60);
        Ones = Floats(Chunk * MaxWidth, 1, 1);
        Y = Zeros<float>(Elements);
        Rows = new Int8Rows(Zeros<byte>(Elements), width, Zeros<float>(Elements / 16), Chunk);
        long half = (long)Work / 2;
        probe = new CopyProbe(Zeros<byte>(half), Zeros<byte>(half), half);
    }

    internal override void Run() => run(Kernels, this);

    private protected override double MeasurePeak() => probe!.Measure();
}
