using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The float product of a tier; see <see cref="KernelSet.Multiply"/>.</summary>
internal abstract unsafe class FloatProduct
{
    public abstract void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation);
}

/// <summary>The int8 product of a tier; see <see cref="KernelSet.MultiplyInt8"/>.</summary>
internal abstract unsafe class Int8Product
{
    /// <summary>Whether activations are shifted by 128 for products with sums.</summary>
    public abstract bool ShiftsActivations { get; }

    /// <inheritdoc cref="KernelSet.Prepare"/>
    public virtual void Prepare(int block)
    {
    }

    /// <inheritdoc cref="KernelSet.Begin"/>
    public virtual void Begin()
    {
    }

    /// <inheritdoc cref="KernelSet.End"/>
    public virtual void End()
    {
    }

    public abstract void Multiply(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation);
}
