using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>
/// Scalar products of rows of 16-bit integers with rows of int8: exact sums, and so the same on every machine.
/// </summary>
/// <remarks>
/// The norms of two rows, multiplied, must be below 2³¹; then no sum overflows. Of every row of int8 up to
/// <see cref="Slack"/> bytes behind its end are read, and count for nothing where the 16-bit row has zeros there.
/// </remarks>
internal static unsafe class Int8Dots
{
    /// <summary>Columns are taken so many at once.</summary>
    public const int Step = 16;

    /// <summary>Bytes that may be read behind the last row.</summary>
    public const int Slack = Step - 1;

    private const int Group = 8;   // rows of 16 bits that stay in the first cache
    private const int Tile = 4;
    private const int Ahead = 4;   // rows that memory is asked for before their turn
    private const int CacheLine = 64;

    /// <summary>c[b, a] = Σ a · b over some columns.</summary>
    /// <param name="a">[aRows, lda]: 16-bit rows.</param>
    /// <param name="lda">From row to row.</param>
    /// <param name="aRows">How many.</param>
    /// <param name="b">[bRows, ldb]: int8 rows.</param>
    /// <param name="ldb">From row to row.</param>
    /// <param name="bRows">How many.</param>
    /// <param name="depth">Columns, a multiple of <see cref="Step"/>.</param>
    /// <param name="c">[bRows, ldc].</param>
    /// <param name="ldc">From row to row.</param>
    public static void Multiply(
        short* a, int lda, int aRows, sbyte* b, int ldb, int bRows, int depth, int* c, int ldc)
    {
        for (int first = 0; first < aRows; first += Group)
        {
            int end = Math.Min(first + Group, aRows);
            int row = 0;
            for (; row + 2 <= bRows; row += 2)
            {
                sbyte* b0 = b + (long)row * ldb, b1 = b0 + ldb;
                int* c0 = c + (long)row * ldc, c1 = c0 + ldc;
                int i = first;
                Prefetch(b0 + (long)Ahead * ldb, 2 * ldb);
                for (; i + Tile <= end; i += Tile)
                    Four(a + (long)i * lda, lda, b0, b1, depth, c0 + i, c1 + i);
                for (; i < end; i++)
                    Two(a + (long)i * lda, b0, b1, depth, c0 + i, c1 + i);
            }
            for (; row < bRows; row++)
                for (int i = first; i < end; i++)
                    c[(long)row * ldc + i] = One(a + (long)i * lda, b + (long)row * ldb, depth);
        }
    }

    /// <summary>Σ a · b of one pair of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int One(short* a, sbyte* b, int depth)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> sum = Vector256<int>.Zero;
            for (int k = 0; k < depth; k += Step)
                sum += Pairs(Vector256.Load(a + k), Avx2.ConvertToVector256Int16(b + k));
            return Vector256.Sum(sum);
        }
        Vector128<int> low = Vector128<int>.Zero, high = low;
        for (int k = 0; k < depth; k += Step)
        {
            (Vector128<short> b0, Vector128<short> b1) = Vector128.Widen(Vector128.Load(b + k));
            low += Long(Vector128.Load(a + k), b0);
            high += Long(Vector128.Load(a + k + Step / 2), b1);
        }
        return Vector128.Sum(low + high);
    }

    /// <summary>One row with two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(short* a, sbyte* b0, sbyte* b1, int depth, int* c0, int* c1)
    {
        if (!Avx2.IsSupported)
        {
            (*c0, *c1) = (One(a, b0, depth), One(a, b1, depth));
            return;
        }
        Vector256<int> s0 = Vector256<int>.Zero, s1 = s0;
        for (int k = 0; k < depth; k += Step)
        {
            Vector256<short> x = Vector256.Load(a + k);
            s0 += Pairs(x, Avx2.ConvertToVector256Int16(b0 + k));
            s1 += Pairs(x, Avx2.ConvertToVector256Int16(b1 + k));
        }
        (*c0, *c1) = (Vector256.Sum(s0), Vector256.Sum(s1));
    }

    // One pass over rows is bound by memory, which is asked earlier than the processor would by itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(sbyte* rows, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (int k = 0; k < bytes; k += CacheLine)
            Sse.Prefetch0(rows + k);
    }

    /// <summary>Four rows with two; the sums of each of the two are written side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(short* a, int lda, sbyte* b0, sbyte* b1, int depth, int* c0, int* c1)
    {
        if (!Avx2.IsSupported)
        {
            for (int i = 0; i < Tile; i++)
                (c0[i], c1[i]) = (One(a + (long)i * lda, b0, depth), One(a + (long)i * lda, b1, depth));
            return;
        }
        short* a1 = a + lda;
        short* a2 = a1 + lda;
        short* a3 = a2 + lda;
        Vector256<int> s00 = Vector256<int>.Zero, s10 = s00, s20 = s00, s30 = s00;
        Vector256<int> s01 = s00, s11 = s00, s21 = s00, s31 = s00;
        for (int k = 0; k < depth; k += Step)
        {
            Vector256<short> w0 = Avx2.ConvertToVector256Int16(b0 + k), w1 = Avx2.ConvertToVector256Int16(b1 + k);
            Vector256<short> x = Vector256.Load(a + k);
            s00 += Pairs(x, w0);
            s01 += Pairs(x, w1);
            x = Vector256.Load(a1 + k);
            s10 += Pairs(x, w0);
            s11 += Pairs(x, w1);
            x = Vector256.Load(a2 + k);
            s20 += Pairs(x, w0);
            s21 += Pairs(x, w1);
            x = Vector256.Load(a3 + k);
            s30 += Pairs(x, w0);
            s31 += Pairs(x, w1);
        }
        Sums(s00, s10, s20, s30).Store(c0);
        Sums(s01, s11, s21, s31).Store(c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pairs(Vector256<short> a, Vector256<short> b) => Avx2.MultiplyAddAdjacent(a, b);

    // Each lane the sum of the lanes of one of the four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sums(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3)
    {
        Vector256<int> all = Avx2.HorizontalAdd(Avx2.HorizontalAdd(s0, s1), Avx2.HorizontalAdd(s2, s3));
        return all.GetLower() + all.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Long(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a, b);
        (Vector128<int> a0, Vector128<int> a1) = Vector128.Widen(a);
        (Vector128<int> b0, Vector128<int> b1) = Vector128.Widen(b);
        return a0 * b0 + a1 * b1;
    }
}
