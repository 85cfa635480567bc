using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of a <see cref="QuantizeTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct QuantizeArguments
{
    public float* X;            // [rows, ldx]
    public nint RowBytes;       // from row to row of x
    public byte* Q;             // [rows, stride]
    public nint Stride;
    public float* Scales;       // of block n and row r at [n, r]
    public nint ScaleBytes;     // from block to block
    public nint Blocks;
    public nint Rows;
    public nint Empty;          // times 16 bytes behind every block that have no columns
    public float Magic;         // 1.5 · 2²³, plus what is added to the values
}

/// <summary>
/// Assembles the quantization of rows by blocks of one size: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>, so the same bits.
/// </summary>
/// <remarks>
/// A block is read once and stays in registers. The processor overlaps blocks, so none waits for its divisions.
/// </remarks>
/// <param name="vectors">Vectors of 16 columns per block, at most <see cref="MaxVectors"/>.</param>
internal sealed unsafe class QuantizeTile(int vectors) : TileAssembler<QuantizeArguments>
{
    /// <summary>Most vectors of a block.</summary>
    public const int MaxVectors = 16;

    private const int MostMaxima = 8;   // side by side

    private static AssemblerRegisterZMM Magic => V(31);

    private static AssemblerRegisterZMM Magnitude => V(30);   // all bits but the sign

    private static AssemblerRegisterZMM Value(int i) => V(14 + i);

    private static AssemblerRegisterZMM Largest(int i) => V(4 + i);   // up to MostMaxima

    protected override void Emit()
    {
        Code.vpbroadcastd(Magnitude, __dword_ptr[Constant(int.MaxValue)]);
        Code.vbroadcastss(Magic, Dword(&Arguments->Magic));
        Code.mov(rax, Qword(&Arguments->X));
        Code.mov(rdx, Qword(&Arguments->RowBytes));
        Code.mov(rcx, Qword(&Arguments->Q));
        Code.mov(rsi, Qword(&Arguments->Stride));
        Code.mov(rdi, Qword(&Arguments->Scales));
        Code.mov(rbx, Qword(&Arguments->ScaleBytes));
        Code.mov(r9, Qword(&Arguments->Rows));
        Loop(r9, () =>
        {
            Code.mov(r10, rax);
            Code.mov(r11, rcx);
            Code.mov(r12, rdi);
            Code.mov(r13, Qword(&Arguments->Blocks));
            Loop(r13, Block);
            Code.add(rax, rdx);
            Code.add(rcx, rsi);
            Code.add(rdi, sizeof(float));
        });
    }

    private void Block()
    {
        for (int i = 0; i < vectors; i++)
            Code.vmovups(Value(i), __zmmword_ptr[r10 + 64 * i]);
        int maxima = Math.Min(vectors, MostMaxima);
        for (int i = 0; i < maxima; i++)
            Code.vpandd(Largest(i), Value(i), Magnitude);
        for (int i = maxima; i < vectors; i++)
        {
            Code.vpandd(V(12 + i % 2), Value(i), Magnitude);
            Code.vpmaxsd(Largest(i % MostMaxima), Largest(i % MostMaxima), V(12 + i % 2));
        }
        for (int left = maxima; left > 1; left -= left / 2)
            for (int i = 0; i < left / 2; i++)
                Code.vpmaxsd(Largest(i), Largest(i), Largest(left - 1 - i));
        Fold(Largest(0), zmm0, Code.vpmaxsd);
        FindScale();
        for (int i = 0; i < vectors; i++)
            Code.vmulps(Value(i), Value(i), zmm1);
        for (int i = 0; i < vectors; i++)
            Code.vaddps(Value(i), Value(i), Magic);
        for (int i = 0; i < vectors; i++)
            Code.vpmovdb(__xmmword_ptr[r11 + 16 * i], Value(i));
        Code.add(r10, 64 * vectors);
        Code.add(r11, 16 * vectors);
        Code.add(r12, rbx);
        Code.mov(r14, Qword(&Arguments->Empty));
        Loop(r14, () =>
        {
            Code.vpmovdb(__xmmword_ptr[r11], Magic);   // the low byte of what 0 becomes
            Code.add(r11, 16);
        });
    }

    /// <summary>zmm1 ← the factor, and stores the scale, of the largest magnitude in xmm4.</summary>
    private void FindScale()
    {
        AssemblerMemoryOperand steps = __dword_ptr[Constant(BitConverter.SingleToInt32Bits(127))];
        Code.vmovss(xmm1, steps);
        Code.vdivss(xmm1, xmm1, xmm4);
        Code.vdivss(xmm2, xmm4, steps);
        Code.vcmpless(xmm3, xmm1, __dword_ptr[Constant(BitConverter.SingleToInt32Bits(float.MaxValue))]);
        Code.vandps(xmm1, xmm1, xmm3);
        Code.vandps(xmm2, xmm2, xmm3);
        Code.vsubss(xmm3, xmm4, xmm4);   // NaN where the largest is not finite
        Code.vaddss(xmm2, xmm2, xmm3);
        Code.vmovss(__dword_ptr[r12], xmm2);
        Code.vbroadcastss(zmm1, xmm1);
    }
}
