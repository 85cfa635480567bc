using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>16 floats per vector.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>, Vector512<int>>
{
    // Kernels inline dozens of these: without the attribute the JIT's inlining budget leaves calls in inner loops.
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 16;

    [MethodImpl(Inline)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* destination, Vector512<float> value) => value.Store(destination);

    [MethodImpl(Inline)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(Inline)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector512<float> Abs(Vector512<float> a) => Vector512.Abs(a);

    [MethodImpl(Inline)]
    public static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(Inline)]
    public static Vector512<float> WhereAtLeast(Vector512<float> a, Vector512<float> b, Vector512<float> value) =>
        Vector512.GreaterThanOrEqual(a, b) & value;

    [MethodImpl(Inline)]
    public static Vector512<int> BroadcastInt(int value) => Vector512.Create(value);

    [MethodImpl(Inline)]
    public static Vector512<int> AddInt(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector512<int> SubtractInt(Vector512<int> a, Vector512<int> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector512<int> MaxInt(Vector512<int> a, Vector512<int> b) => Vector512.Max(a, b);

    [MethodImpl(Inline)]
    public static Vector512<int> And(Vector512<int> a, Vector512<int> b) => a & b;

    [MethodImpl(Inline)]
    public static Vector512<int> Or(Vector512<int> a, Vector512<int> b) => a | b;

    [MethodImpl(Inline)]
    public static Vector512<int> ShiftLeft(Vector512<int> a, int count) => a << count;

    [MethodImpl(Inline)]
    public static Vector512<int> AsInt(Vector512<float> a) => a.AsInt32();

    [MethodImpl(Inline)]
    public static Vector512<float> AsFloat(Vector512<int> a) => a.AsSingle();

    [MethodImpl(Inline)]
    public static Vector512<float> ToFloat(Vector512<int> a) => Vector512.ConvertToSingle(a);

    [MethodImpl(Inline)]
    public static int Largest(Vector512<int> a) => Lanes256.Largest(Vector256.Max(a.GetLower(), a.GetUpper()));

    [MethodImpl(Inline)]
    public static float Largest(Vector512<float> a) =>
        Lanes256.Largest(Vector256.MaxNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(Inline)]
    public static void StoreBytes(byte* destination, Vector512<int> value) =>
        Avx512F.ConvertToVector128Byte(value).Store(destination);
}
