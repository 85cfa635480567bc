using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace GauRuntime.Kernels;

/// <summary>4 floats per vector.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>, Vector128<int>>
{
    // Kernels inline dozens of these: without the attribute the JIT's inlining budget leaves calls in inner loops.
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Width => 4;

    [MethodImpl(Inline)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(Inline)]
    public static void Store(float* destination, Vector128<float> value) => value.Store(destination);

    [MethodImpl(Inline)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(Inline)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector128<float> Abs(Vector128<float> a) => Vector128.Abs(a);

    [MethodImpl(Inline)]
    public static Vector128<float> Fma(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        System.Runtime.Intrinsics.X86.Fma.IsSupported || AdvSimd.IsSupported
            ? Vector128.FusedMultiplyAdd(a, b, c)
            : ExactFma.Compute(a, b, c);

    [MethodImpl(Inline)]
    public static Vector128<float> WhereAtLeast(Vector128<float> a, Vector128<float> b, Vector128<float> value) =>
        Vector128.GreaterThanOrEqual(a, b) & value;

    [MethodImpl(Inline)]
    public static Vector128<int> BroadcastInt(int value) => Vector128.Create(value);

    [MethodImpl(Inline)]
    public static Vector128<int> AddInt(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector128<int> SubtractInt(Vector128<int> a, Vector128<int> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector128<int> MaxInt(Vector128<int> a, Vector128<int> b) => Vector128.Max(a, b);

    [MethodImpl(Inline)]
    public static Vector128<int> And(Vector128<int> a, Vector128<int> b) => a & b;

    [MethodImpl(Inline)]
    public static Vector128<int> Or(Vector128<int> a, Vector128<int> b) => a | b;

    [MethodImpl(Inline)]
    public static Vector128<int> ShiftLeft(Vector128<int> a, int count) => a << count;

    [MethodImpl(Inline)]
    public static Vector128<int> AsInt(Vector128<float> a) => a.AsInt32();

    [MethodImpl(Inline)]
    public static Vector128<float> AsFloat(Vector128<int> a) => a.AsSingle();

    [MethodImpl(Inline)]
    public static Vector128<float> ToFloat(Vector128<int> a) => Vector128.ConvertToSingle(a);

    [MethodImpl(Inline)]
    public static int Largest(Vector128<int> a)
    {
        a = Vector128.Max(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(a, Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(Inline)]
    public static float Largest(Vector128<float> a)
    {
        a = Vector128.MaxNative(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(a, Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(Inline)]
    public static void StoreBytes(byte* destination, Vector128<int> value) =>
        *(int*)destination = Vector128.Narrow(Vector128.Narrow(value, value), default).AsInt32().ToScalar();
}
