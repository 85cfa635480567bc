using System.Numerics.Tensors;

namespace GauRuntime.Encoder;

/// <summary>
/// Element-wise arithmetic on the rows of a matrix; correctly rounded, so the same bits at any vector width.
/// </summary>
internal static unsafe class Rows
{
    /// <summary>Every row x ← x + y.</summary>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x.</param>
    /// <param name="y">[rows, ldy].</param>
    /// <param name="ldy">Row stride of y; 0: one row for all.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static void Add(float* x, int ldx, float* y, int ldy, int rows, int columns)
    {
        for (int row = 0; row < rows; row++, x += ldx, y += ldy)
        {
            Span<float> sum = new(x, columns);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(y, columns), sum);
        }
    }

    /// <summary>Every row x ← x ∘ y; arguments as <see cref="Add"/>.</summary>
    public static void Multiply(float* x, int ldx, float* y, int ldy, int rows, int columns)
    {
        for (int row = 0; row < rows; row++, x += ldx, y += ldy)
        {
            Span<float> product = new(x, columns);
            TensorPrimitives.Multiply(product, new ReadOnlySpan<float>(y, columns), product);
        }
    }
}
