using System.Runtime.InteropServices;
using Iced.Intel;

namespace GauRuntime.Tests.Kernels;

/// <summary>Runs an assembled tile on any processor: the instructions that the tiles of products are made of.</summary>
internal sealed unsafe class TileProcessor : IDisposable
{
    private const int StackBytes = 1024, Lanes = 16;

    private readonly ulong[] registers = new ulong[16];
    private readonly uint[][] vectors = [.. Enumerable.Range(0, 32).Select(_ => new uint[Lanes])];
    private readonly List<Instruction> code = [];
    private readonly Dictionary<ulong, int> places = [];
    private readonly byte* stack = (byte*)NativeMemory.AllocZeroed(StackBytes);
    private readonly TileRegisters amx;
    private bool zero;   // the flag

    /// <summary>Reads a tile, up to its return.</summary>
    /// <param name="tile">Its code.</param>
    /// <param name="amx">The AMX tiles of the thread, or null: fresh ones, which are released.</param>
    public TileProcessor(nint tile, TileRegisters? amx = null)
    {
        this.amx = amx ?? new TileRegisters();
        Decoder decoder = Decoder.Create(64, new CodeBytes((byte*)tile), (ulong)tile);
        do
        {
            places[decoder.IP] = code.Count;
            code.Add(decoder.Decode());
        }
        while (code[^1].Mnemonic != Mnemonic.Ret);
    }

    /// <summary>Calls it.</summary>
    public void Run(void* arguments)
    {
        registers[OperatingSystem.IsWindows() ? 1 : 7] = (ulong)arguments;   // rcx, rdi
        registers[4] = (ulong)(stack + StackBytes);   // rsp
        for (int at = 0; code[at].Mnemonic != Mnemonic.Ret;)
        {
            Instruction i = code[at++];
            if (i.FlowControl == FlowControl.Next)
                Execute(i);
            else if (Jumps(i))
                at = places[i.NearBranchTarget];
        }
        if (registers[4] != (ulong)(stack + StackBytes))
            throw new InvalidOperationException("the stack is not as it was");
    }

    public void Dispose() => NativeMemory.Free(stack);

    private bool Jumps(Instruction i) => i.Mnemonic switch
    {
        Mnemonic.Jmp => true,
        Mnemonic.Je => zero,
        Mnemonic.Jne => !zero,
        _ => throw Unknown(i),
    };

    private void Execute(Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Nop or Mnemonic.Prefetcht1 or Mnemonic.Vzeroupper: break;
            case Mnemonic.Push: *(ulong*)(registers[4] -= 8) = registers[i.Op0Register.GetNumber()]; break;
            case Mnemonic.Pop: registers[i.Op0Register.GetNumber()] = *(ulong*)((registers[4] += 8) - 8); break;
            case Mnemonic.Mov: Set(i, Get(i, 1)); break;
            case Mnemonic.Lea: Set(i, Address(i)); break;
            case Mnemonic.Add: Set(i, Get(i, 0) + Get(i, 1)); break;
            case Mnemonic.Sub: Set(i, Get(i, 0) - Get(i, 1)); break;
            case Mnemonic.Imul: Set(i, Get(i, 1) * Get(i, 2)); break;
            case Mnemonic.Dec: zero = Set(i, Get(i, 0) - 1) == 0; break;
            case Mnemonic.Shl: zero = Set(i, Get(i, 0) << (int)Get(i, 1)) == 0; break;
            case Mnemonic.Shr: zero = Set(i, Get(i, 0) >> (int)Get(i, 1)) == 0; break;
            case Mnemonic.And: zero = Set(i, Get(i, 0) & Get(i, 1)) == 0; break;
            case Mnemonic.Test: zero = (Get(i, 0) & Get(i, 1)) == 0; break;
            case Mnemonic.Cmp: zero = Get(i, 0) == Get(i, 1); break;
            case Mnemonic.Ldtilecfg: amx.Configure((byte*)Address(i)); break;
            case Mnemonic.Tilerelease: amx.Release(); break;
            case Mnemonic.Tilezero: amx.Clear(i.Op0Register); break;
            case Mnemonic.Tileloadd: amx.Load(i.Op0Register, (byte*)Origin(i), Stride(i)); break;
            case Mnemonic.Tilestored: amx.Store(i.Op1Register, (byte*)Origin(i), Stride(i)); break;
            case Mnemonic.Tdpbssd: amx.Multiply(i.Op0Register, i.Op1Register, i.Op2Register); break;
            default: ExecuteVector(i); break;
        }
    }

    private void ExecuteVector(Instruction i)
    {
        if (i.OpMask != Register.None)
            throw Unknown(i);
        switch (i.Mnemonic)
        {
            case Mnemonic.Vmovups or Mnemonic.Vmovaps or Mnemonic.Vmovdqu8 or Mnemonic.Vmovdqa32:
                Each(i, lane => Lane(i, 1, lane));
                break;
            case Mnemonic.Vbroadcastss or Mnemonic.Vpbroadcastd: Each(i, _ => Lane(i, 1, 0)); break;
            case Mnemonic.Vpmovsxwd:
                short* words = (short*)Address(i);
                Each(i, lane => (uint)words[lane]);
                break;
            case Mnemonic.Vcvtdq2ps:
                Each(i, lane => BitConverter.SingleToUInt32Bits((int)Lane(i, 1, lane)));
                break;
            case Mnemonic.Vpxord or Mnemonic.Vxorps: Each(i, lane => Lane(i, 1, lane) ^ Lane(i, 2, lane)); break;
            case Mnemonic.Vpandd: Each(i, lane => Lane(i, 1, lane) & Lane(i, 2, lane)); break;
            case Mnemonic.Vpaddd: Each(i, lane => Lane(i, 1, lane) + Lane(i, 2, lane)); break;
            case Mnemonic.Vpsubd: Each(i, lane => Lane(i, 1, lane) - Lane(i, 2, lane)); break;
            case Mnemonic.Vpslld: Each(i, lane => Lane(i, 1, lane) << i.Immediate8); break;
            case Mnemonic.Vpdpbusd: Each(i, lane => Dot(Lane(i, 0, lane), Lane(i, 1, lane), Lane(i, 2, lane))); break;
            case Mnemonic.Vaddps: Floats(i, (_, b, c) => b + c); break;
            case Mnemonic.Vsubps: Floats(i, (_, b, c) => b - c); break;
            case Mnemonic.Vmulps: Floats(i, (_, b, c) => b * c); break;
            case Mnemonic.Vdivps: Floats(i, (_, b, c) => b / c); break;
            case Mnemonic.Vmaxps: Floats(i, (_, b, c) => b > c ? b : c); break;
            case Mnemonic.Vminps: Floats(i, (_, b, c) => b < c ? b : c); break;
            case Mnemonic.Vfmadd231ps: Floats(i, (a, b, c) => MathF.FusedMultiplyAdd(b, c, a)); break;
            case Mnemonic.Vfnmadd231ps: Floats(i, (a, b, c) => MathF.FusedMultiplyAdd(-b, c, a)); break;
            case Mnemonic.Vfmadd213ps: Floats(i, (a, b, c) => MathF.FusedMultiplyAdd(b, a, c)); break;
            case Mnemonic.Vfmsub213ps: Floats(i, (a, b, c) => MathF.FusedMultiplyAdd(b, a, -c)); break;
            default: throw Unknown(i);
        }
    }

    /// <summary>Σ of four products of unsigned bytes with signed ones.</summary>
    private static uint Dot(uint sum, uint unsigned, uint signed)
    {
        for (int shift = 0; shift < 32; shift += 8)
            sum += (uint)((byte)(unsigned >> shift) * (sbyte)(byte)(signed >> shift));
        return sum;
    }

    private void Floats(Instruction i, Func<float, float, float, float> operation)
    {
        float Value(int operand, int lane) => BitConverter.UInt32BitsToSingle(Lane(i, operand, lane));
        Each(i, lane => BitConverter.SingleToUInt32Bits(operation(Value(0, lane), Value(1, lane), Value(2, lane))));
    }

    private void Each(Instruction i, Func<int, uint> lane)
    {
        int count = Math.Max(i.Op0Register.GetSize(), i.Op1Register.GetSize()) / sizeof(uint);
        uint[] result = [.. Enumerable.Range(0, count).Select(lane)];
        if (i.Op0Kind == OpKind.Memory)
            result.CopyTo(new Span<uint>((void*)Address(i), count));
        else
            result.CopyTo(vectors[i.Op0Register.GetNumber()], 0);
    }

    private uint Lane(Instruction i, int operand, int lane) => i.GetOpKind(operand) == OpKind.Memory
        ? ((uint*)Address(i))[i.IsBroadcast ? 0 : lane]
        : vectors[i.GetOpRegister(operand).GetNumber()][lane];

    private ulong Get(Instruction i, int operand) => i.GetOpKind(operand) switch
    {
        OpKind.Register when i.GetOpRegister(operand).GetSize() == 4 =>
            (uint)registers[i.GetOpRegister(operand).GetNumber()],
        OpKind.Register => registers[i.GetOpRegister(operand).GetNumber()],
        OpKind.Memory => i.MemorySize.GetSize() == 4 ? *(uint*)Address(i) : *(ulong*)Address(i),
        _ => i.GetImmediate(operand),
    };

    private ulong Set(Instruction i, ulong value)
    {
        int size = i.Op0Kind == OpKind.Memory ? i.MemorySize.GetSize() : i.Op0Register.GetSize();
        if (size == 4)
            value = (uint)value;
        if (i.Op0Kind == OpKind.Register)
            registers[i.Op0Register.GetNumber()] = value;
        else if (size == 4)
            *(uint*)Address(i) = (uint)value;
        else
            *(ulong*)Address(i) = value;
        return value;
    }

    private ulong Address(Instruction i)
    {
        if (i.IsIPRelativeMemoryOperand)
            return i.IPRelativeMemoryAddress;
        ulong index = i.MemoryIndex == Register.None ? 0 : registers[i.MemoryIndex.GetNumber()];
        return registers[i.MemoryBase.GetNumber()] + index * (ulong)i.MemoryIndexScale + i.MemoryDisplacement64;
    }

    /// <summary>Where an AMX tile's first row lies: its index register is the distance between rows.</summary>
    private ulong Origin(Instruction i) => registers[i.MemoryBase.GetNumber()] + i.MemoryDisplacement64;

    private long Stride(Instruction i) => (long)registers[i.MemoryIndex.GetNumber()] * i.MemoryIndexScale;

    private static NotSupportedException Unknown(Instruction i) => new(i.ToString());

    private sealed class CodeBytes(byte* at) : CodeReader
    {
        private byte* at = at;

        public override int ReadByte() => *at++;
    }
}
