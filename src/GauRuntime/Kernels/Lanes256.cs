using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>8 floats per vector.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>, Vector256<int>>
{
    // Kernels inline dozens of these: without the attribute the JIT's inlining budget leaves calls in inner loops.
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 8;

    [MethodImpl(Inline)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* destination, Vector256<float> value) => value.Store(destination);

    [MethodImpl(Inline)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(Inline)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector256<float> Abs(Vector256<float> a) => Vector256.Abs(a);

    [MethodImpl(Inline)]
    public static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(Inline)]
    public static Vector256<float> WhereAtLeast(Vector256<float> a, Vector256<float> b, Vector256<float> value) =>
        Vector256.GreaterThanOrEqual(a, b) & value;

    [MethodImpl(Inline)]
    public static Vector256<int> BroadcastInt(int value) => Vector256.Create(value);

    [MethodImpl(Inline)]
    public static Vector256<int> AddInt(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector256<int> SubtractInt(Vector256<int> a, Vector256<int> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector256<int> MaxInt(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);

    [MethodImpl(Inline)]
    public static Vector256<int> And(Vector256<int> a, Vector256<int> b) => a & b;

    [MethodImpl(Inline)]
    public static Vector256<int> Or(Vector256<int> a, Vector256<int> b) => a | b;

    [MethodImpl(Inline)]
    public static Vector256<int> ShiftLeft(Vector256<int> a, int count) => a << count;

    [MethodImpl(Inline)]
    public static Vector256<int> AsInt(Vector256<float> a) => a.AsInt32();

    [MethodImpl(Inline)]
    public static Vector256<float> AsFloat(Vector256<int> a) => a.AsSingle();

    [MethodImpl(Inline)]
    public static Vector256<float> ToFloat(Vector256<int> a) => Vector256.ConvertToSingle(a);

    [MethodImpl(Inline)]
    public static int Largest(Vector256<int> a) => Lanes128.Largest(Vector128.Max(a.GetLower(), a.GetUpper()));

    [MethodImpl(Inline)]
    public static float Largest(Vector256<float> a) =>
        Lanes128.Largest(Vector128.MaxNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(Inline)]
    public static void StoreBytes(byte* destination, Vector256<int> value) =>
        *(long*)destination = Vector128.Narrow(
            Vector128.Narrow(value.GetLower(), value.GetUpper()), default).AsInt64().ToScalar();
}
