using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>Kernels that also tell how long they take, with the bits of those that they are made of.</summary>
/// <remarks>An activation within a product becomes a sweep behind it, so that it is told apart.</remarks>
/// <param name="kernels">Compute.</param>
/// <param name="times">Are told.</param>
/// <param name="product">The step that products are.</param>
internal sealed unsafe class TimedKernels(
    KernelSet kernels, StepTimes times, PassStep product = PassStep.ProductUp) : KernelSet
{
    public override int Shift => kernels.Shift;

    public override void Prepare(int block) => kernels.Prepare(block);

    public override void Begin() => kernels.Begin();

    public override void End() => kernels.End();

    public override KernelSet For(PassStep product) => new TimedKernels(kernels, times, product);

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation)
    {
        long start = TimeStamp.Now;
        kernels.Multiply(a, lda, rows, b, panels, c, ldc, bias, Activation.Identity);
        times.Add(product, start);
        Sweep(activation, c, ldc, rows, panels);
    }

    public override void MultiplyInt8(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation)
    {
        long start = TimeStamp.Now;
        kernels.MultiplyInt8(a, rows, b, panels, c, ldc, bias, Activation.Identity);
        times.Add(product, start);
        Sweep(activation, c, ldc, rows, panels);
    }

    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        long start = TimeStamp.Now;
        kernels.Quantize(x, ldx, width, rows, block, q, shift);
        times.Add(PassStep.Quantization, start);
    }

    public override void QuantizeColumns(float* x, int ldx, int rows, int panels, Int8Panels q)
    {
        long start = TimeStamp.Now;
        kernels.QuantizeColumns(x, ldx, rows, panels, q);
        times.Add(PassStep.Quantization, start);
    }

    public override void Activate(KernelActivation activation, float* x, int count)
    {
        long start = TimeStamp.Now;
        kernels.Activate(activation, x, count);
        times.Add(PassStep.Activation, start);
    }

    public override void AddNorm(float* x, int ldx, float* y, int ldy, int rows, int size, float eps)
    {
        long start = TimeStamp.Now;
        kernels.AddNorm(x, ldx, y, ldy, rows, size, eps);
        times.Add(PassStep.Norm, start);
    }

    public override void AddLayerNorm(
        float* x, int ldx, float* y, int ldy, int rows, int size, float eps, float* gamma, float* beta)
    {
        long start = TimeStamp.Now;
        kernels.AddLayerNorm(x, ldx, y, ldy, rows, size, eps, gamma, beta);
        times.Add(PassStep.Norm, start);
    }

    public override void Gate(float* o, int ldo, float* u, int ldu, float* scales, int rows, int width)
    {
        long start = TimeStamp.Now;
        kernels.Gate(o, ldo, u, ldu, scales, rows, width);
        times.Add(PassStep.Gate, start);
    }

    public override void SoftmaxTile(float* row, int n, float factor, ref float max, ref float sum)
    {
        long start = TimeStamp.Now;
        kernels.SoftmaxTile(row, n, factor, ref max, ref sum);
        times.Add(PassStep.Softmax, start);
    }

    public override void SquaredRelu(float* row, int n, float factor, int keys)
    {
        long start = TimeStamp.Now;
        kernels.SquaredRelu(row, n, factor, keys);
        times.Add(PassStep.Softmax, start);
    }

    public override void Exp(float* x, int count)
    {
        long start = TimeStamp.Now;
        kernels.Exp(x, count);
        times.Add(PassStep.Softmax, start);
    }

    public override void Rotate(float* x, float* gamma, float* beta, float* cos, float* sin, float* y, int half)
    {
        long start = TimeStamp.Now;
        kernels.Rotate(x, gamma, beta, cos, sin, y, half);
        times.Add(PassStep.Rotation, start);
    }

    private void Sweep(KernelActivation activation, float* c, int ldc, int rows, int panels)
    {
        if (activation.Function == Activation.Identity)
            return;
        long start = TimeStamp.Now;
        for (int row = 0; row < rows; row++)
            kernels.Activate(activation, c + (long)row * ldc, panels * Tiling.Panel);
        times.Add(PassStep.Activation, start);
    }
}
