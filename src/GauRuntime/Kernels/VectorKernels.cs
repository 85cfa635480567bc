using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The kernels, written once over a vector width.</summary>
/// <param name="f32">The float product, which may have a width of its own.</param>
/// <param name="int8">The int8 product, which may have a width of its own.</param>
internal unsafe partial class VectorKernels<TLanes, TF, TI>(FloatProduct f32, Int8Product int8) : KernelSet
    where TLanes : struct, ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    public override int Shift { get; } = int8.ShiftsActivations ? 128 : 0;

    public override void Prepare(int block) => int8.Prepare(block);

    public override void Begin() => int8.Begin();

    public override void End() => int8.End();

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation) => f32.Multiply(a, lda, rows, b, panels, c, ldc, bias, activation);

    public override void MultiplyInt8(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation) =>
        int8.Multiply(a, rows, b, panels, c, ldc, bias, activation);
}
