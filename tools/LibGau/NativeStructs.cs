using System.Runtime.InteropServices;

namespace GauRuntime.LibGau;

/// <summary><c>gau_text</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeText
{
    public byte* Text;
    public nuint TextLength;
    public byte* Pair;
    public nuint PairLength;
    public nuint MaxTokens;
}

/// <summary><c>gau_text_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeTextInfo
{
    public int Tokens;
    public int Truncated;
    public int Empty;

    public static NativeTextInfo Of(TextInfo text) => new()
    {
        Tokens = text.Tokens, Truncated = text.Truncated ? 1 : 0, Empty = text.IsEmpty ? 1 : 0,
    };
}

/// <summary><c>gau_filled</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeFilled
{
    public int Position;
    public int Offset;
    public int Token;
    public float Probability;
}
