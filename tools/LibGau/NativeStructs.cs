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

/// <summary><c>gau_entity</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeEntity
{
    public int Label;
    public int Pair;
    public int Start;
    public int End;
    public float Score;
}

/// <summary><c>gau_span</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSpan
{
    public int Found;
    public int Start;
    public int End;
    public float Score;
}
