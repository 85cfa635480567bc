using GauRuntime.Text;

namespace GauRuntime;

/// <summary>A text has no answer: it lacks what is asked for, or the model gave numbers that are not finite.</summary>
/// <remarks>The message is one line. In a batch it begins with the text's index.</remarks>
public sealed class GauTextException : Exception
{
    /// <summary>Why a text whose answer holds NaN or infinity has none.</summary>
    public const string NotFinite = "the model gave a number that is not finite";

    /// <summary>Creates the error.</summary>
    /// <param name="reason">Why there is no answer.</param>
    /// <param name="index">Which text of a batch, or null.</param>
    /// <param name="inner">The cause, kept for a debugger.</param>
    public GauTextException(string reason, int? index = null, Exception? inner = null)
        : base(index is null ? reason : $"text {index}: {reason}", inner)
    {
        Reason = reason;
        Index = index;
    }

    /// <summary>Why there is no answer.</summary>
    public string Reason { get; }

    /// <summary>Which text of a batch, from 0; null for a text alone.</summary>
    public int? Index { get; }

    /// <summary>Why a text without [MASK] cannot be filled.</summary>
    public static string NoMask(EncodedText encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return encoded.Truncated
            ? $"no [MASK] in the first {encoded.Ids.Length} tokens of the text"
            : "no [MASK] in the text";
    }
}
