using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Arguments of a <see cref="QuantizeColumnsTile"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct QuantizeColumnsArguments
{
    public float* X;            // [rows, ldx]; of the next panel afterwards
    public nint RowBytes;       // from row to row of x
    public sbyte* Q;            // of the first panel; afterwards of the next
    public nint PanelBytes;     // from panel to panel of q
    public float* Scales;       // of the first panel [blocks, 16]; afterwards of the next
    public nint ScaleBytes;     // from panel to panel of scales
    public nint Panels;         // 0 afterwards
    public nint Blocks;         // each of the following
    public nint Groups;         // of 4 rows
    public nint Rest;           // rows after those: 0 … 3
    public nint Empty;          // groups of 4 that have no rows
}

/// <summary>
/// Assembles the quantization of columns by blocks of rows of one size into panels: operation by operation that of
/// <see cref="VectorKernels{TLanes,TF,TI}"/>, so the same bits.
/// </summary>
internal sealed unsafe class QuantizeColumnsTile : TileAssembler<QuantizeColumnsArguments>
{
    private static AssemblerRegisterZMM Factor => V(24);

    private static AssemblerRegisterZMM Magic => V(27);

    private static AssemblerRegisterZMM Steps => V(28);

    private static AssemblerRegisterZMM Magnitude => V(29);   // all bits but the sign

    private static AssemblerRegisterZMM LowByte => V(30);

    private static AssemblerRegisterZMM LowWord => V(31);

    protected override void Emit()
    {
        Code.vbroadcastss(Magic, __dword_ptr[Constant(ExpSeries.MagicBits)]);
        Code.vbroadcastss(Steps, __dword_ptr[Constant(BitConverter.SingleToInt32Bits(127))]);
        Code.vpbroadcastd(Magnitude, __dword_ptr[Constant(int.MaxValue)]);
        Code.vpbroadcastd(LowByte, __dword_ptr[Constant(0x00FF00FF)]);
        Code.vpbroadcastd(LowWord, __dword_ptr[Constant(0x0000FFFF)]);
        Code.mov(rdx, Qword(&Arguments->RowBytes));
        Code.lea(rbx, __[rdx + rdx * 2]);
        Code.mov(r9, Qword(&Arguments->Panels));
        Loop(r9, () =>
        {
            Code.mov(rax, Qword(&Arguments->X));
            Code.mov(rcx, Qword(&Arguments->Q));
            Code.mov(rdi, Qword(&Arguments->Scales));
            Code.mov(r12, Qword(&Arguments->Blocks));
            Loop(r12, Block);
            Code.add(Qword(&Arguments->X), 64);
            Code.mov(rsi, Qword(&Arguments->PanelBytes));
            Code.add(Qword(&Arguments->Q), rsi);
            Code.mov(rsi, Qword(&Arguments->ScaleBytes));
            Code.add(Qword(&Arguments->Scales), rsi);
        });
    }

    /// <summary>The operand of a row of four.</summary>
    private static AssemblerMemoryOperand Row(int i) => i switch
    {
        0 => __zmmword_ptr[rax],
        1 => __zmmword_ptr[rax + rdx],
        2 => __zmmword_ptr[rax + rdx * 2],
        _ => __zmmword_ptr[rax + rbx],
    };

    private void Block()
    {
        for (int i = 0; i < 4; i++)
            Code.vpxord(V(i), V(i), V(i));
        Code.mov(r10, rax);
        Groups(() =>
        {
            for (int i = 0; i < 4; i++)
                Code.vpandd(V(4 + i), Magnitude, Row(i));
            for (int i = 0; i < 4; i++)
                Code.vpmaxsd(V(i), V(i), V(4 + i));
        });
        Rest(() =>
        {
            Code.vpandd(V(4), Magnitude, Row(0));
            Code.vpmaxsd(V(0), V(0), V(4));
        });
        Code.vpmaxsd(V(0), V(0), V(1));
        Code.vpmaxsd(V(2), V(2), V(3));
        Code.vpmaxsd(V(0), V(0), V(2));
        FindScale();
        Code.mov(rax, r10);
        Groups(() =>
        {
            for (int i = 0; i < 4; i++)
                Round(i);
            Merge(V(0), V(1), 8, LowByte);
            Merge(V(2), V(3), 8, LowByte);
            Merge(V(0), V(2), 16, LowWord);
            Store(V(0));
        });
        StoreRest();
        Code.vpxord(V(0), V(0), V(0));
        Code.mov(r11, Qword(&Arguments->Empty));
        Loop(r11, () => Store(V(0)));
    }

    /// <summary>Stores a group of fewer than four rows, if there is one.</summary>
    private void StoreRest()
    {
        Label end = Code.CreateLabel();
        Code.cmp(Qword(&Arguments->Rest), 0);
        Code.je(end);
        Code.vpxord(V(4), V(4), V(4));
        Rest(() =>
        {
            Round(0);
            Code.vpslld(V(0), V(0), 24);
            Code.vpsrld(V(4), V(4), 8);
            Code.vpord(V(4), V(4), V(0));
        });
        // Each row has moved those before it down by a byte; the bytes of rows that are not there are left.
        Code.mov(r11d, 4);
        Code.sub(r11, Qword(&Arguments->Rest));
        Loop(r11, () => Code.vpsrld(V(4), V(4), 8));
        Store(V(4));
        Place(end);
    }

    /// <summary>V(i) ← the bits of x · factor + magic, whose low byte is q.</summary>
    private void Round(int i)
    {
        Code.vmulps(V(i), Factor, Row(i));
        Code.vaddps(V(i), V(i), Magic);
    }

    private void Store(AssemblerRegisterZMM group)
    {
        Code.vmovups(__zmmword_ptr[rcx], group);
        Code.add(rcx, 64);
    }

    /// <summary>Runs the body for every four rows of a block, and moves on behind them.</summary>
    private void Groups(Action body)
    {
        Code.mov(r11, Qword(&Arguments->Groups));
        Loop(r11, () =>
        {
            body();
            Code.lea(rax, __[rax + rdx * 4]);
        });
    }

    /// <summary>Runs the body for every row after those, and moves on behind them.</summary>
    private void Rest(Action body)
    {
        Code.mov(r11, Qword(&Arguments->Rest));
        Loop(r11, () =>
        {
            body();
            Code.add(rax, rdx);
        });
    }

    /// <summary>The factors and scales of the largest magnitudes in V(0); stores the scales, and moves on.</summary>
    private void FindScale()
    {
        AssemblerMemoryOperand most = __dword_bcst[Constant(BitConverter.SingleToInt32Bits(float.MaxValue))];
        Code.vdivps(Factor, Steps, V(0));
        Code.vcmpleps(k1, Factor, most);
        Code.vmovaps(Factor.k1.z, Factor);
        Code.vdivps(V(1).k1.z, V(0), Steps);
        Code.vsubps(V(2), V(0), V(0));   // NaN where the largest is not finite
        Code.vaddps(V(1), V(1), V(2));
        Code.vmovups(__zmmword_ptr[rdi], V(1));
        Code.add(rdi, 64);
    }

    /// <summary>low ← the bits of low that the mask has, the others of high, moved up.</summary>
    private void Merge(AssemblerRegisterZMM low, AssemblerRegisterZMM high, byte bits, AssemblerRegisterZMM mask)
    {
        const byte Select = 0b1110_0100;   // of the bits of low, high and mask: mask ? low : high
        Code.vpslld(high, high, bits);
        Code.vpternlogd(low, high, mask, Select);
    }
}
