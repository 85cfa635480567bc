using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Gathers a strided view into row-major order.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Whether a view is row-major without gaps already.</summary>
    public static bool IsContiguous(long[] size, long[] stride)
    {
        long run = 1;
        for (int axis = size.Length - 1; axis >= 0; axis--)
        {
            if (stride[axis] != run && size[axis] != 1)
                return false;
            run *= size[axis];
        }
        return true;
    }

    /// <summary>destination[i₀, i₁, …] = source[Σ iₐ·strideₐ], in elements of 1, 2, 4, 8 or 16 bytes.</summary>
    /// <param name="source">The element at index 0, …, 0; the whole view has been checked to lie in memory.</param>
    /// <param name="size">The shape.</param>
    /// <param name="stride">Elements to skip per index, 0 or more.</param>
    /// <param name="width">Bytes per element.</param>
    /// <param name="destination">[Π size × width] bytes.</param>
    public static void Gather(byte* source, long[] size, long[] stride, int width, Span<byte> destination)
    {
        switch (width)
        {
            case 1: Gather<byte>(source, size, stride, destination); break;
            case 2: Gather<ushort>(source, size, stride, destination); break;
            case 4: Gather<uint>(source, size, stride, destination); break;
            case 8: Gather<ulong>(source, size, stride, destination); break;
            case 16: Gather<UInt128>(source, size, stride, destination); break;
            default: throw new ArgumentOutOfRangeException(nameof(width));
        }
    }

    private static void Gather<T>(byte* source, long[] size, long[] stride, Span<byte> destination)
        where T : unmanaged
    {
        if (destination.IsEmpty)
            return;
        // The trailing dimensions that are contiguous already are copied as one run.
        int outer = size.Length;
        long run = 1;
        while (outer > 0 && (stride[outer - 1] == run || size[outer - 1] == 1))
            run *= size[--outer];
        int runBytes = checked((int)(run * sizeof(T)));
        long last = outer > 0 && run == 1 ? size[outer - 1] : 1;
        long step = outer > 0 && run == 1 ? stride[--outer] * sizeof(T) : 0;
        long[] index = new long[outer];
        while (true)
        {
            byte* from = source;
            for (int axis = 0; axis < outer; axis++)
                from += index[axis] * stride[axis] * sizeof(T);
            if (run == 1)
                Column<T>(from, step, (int)last, ref destination);
            else
            {
                new ReadOnlySpan<byte>(from, runBytes).CopyTo(destination);
                destination = destination[runBytes..];
            }
            int carry = outer - 1;
            while (carry >= 0 && ++index[carry] == size[carry])
                index[carry--] = 0;
            if (carry < 0)
                return;
        }
    }

    private static void Column<T>(byte* from, long step, int count, ref Span<byte> destination)
        where T : unmanaged
    {
        ref byte to = ref MemoryMarshal.GetReference(destination[..(count * sizeof(T))]);
        for (int i = 0; i < count; i++)
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i * sizeof(T)), Unsafe.ReadUnaligned<T>(from + i * step));
        destination = destination[(count * sizeof(T))..];
    }
}
