using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>How tokens are written one after the other as text.</summary>
internal static class TokenJoin
{
    private const string ContinuationMark = "##";

    /// <summary>What stands between two tokens; <paramref name="before"/> is empty at the start.</summary>
    internal static string Separator(string before, string token)
    {
        bool joined = before.Length == 0 || IsContinuation(before, token) || IsIdeograph(before) || IsIdeograph(token)
            || IsPunctuation(token) || (IsPunctuation(before) && !char.IsAscii(before[0]));
        return joined ? "" : " ";
    }

    /// <summary>The token without its continuation mark, where it continues one.</summary>
    internal static ReadOnlySpan<char> Written(string before, string token) =>
        IsContinuation(before, token) ? token.AsSpan(ContinuationMark.Length) : token;

    /// <summary>Whether a token, by itself, continues a word.</summary>
    internal static bool IsContinuation(string token) =>
        token.Length > ContinuationMark.Length && token.StartsWith(ContinuationMark, StringComparison.Ordinal);

    private static bool IsContinuation(string before, string token) => before.Length > 0 && IsContinuation(token);

    private static bool IsIdeograph(string token) =>
        IsOne(token, out Rune rune) && CharacterKinds.IsIdeograph(rune.Value);

    private static bool IsPunctuation(string token) =>
        IsOne(token, out Rune rune) && CharacterKinds.Of(rune.Value, Dialect.Port) == CharacterKind.Isolated;

    private static bool IsOne(string token, out Rune rune) =>
        Rune.DecodeFromUtf16(token, out rune, out int units) == System.Buffers.OperationStatus.Done
            && units == token.Length;
}
