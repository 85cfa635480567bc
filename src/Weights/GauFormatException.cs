namespace GauRuntime.Weights;

/// <summary>A file is not what it claims to be: malformed, truncated, hostile, or unlike its configuration.</summary>
/// <remarks>The message is one line, <c>file: place: reason</c>, fit to be shown to a user as it is.</remarks>
public sealed class GauFormatException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">Path of the file, as the user named it.</param>
    /// <param name="place">Where in the file: an offset, a line, a tensor name.</param>
    /// <param name="reason">What is wrong there, and what was expected.</param>
    /// <param name="inner">The cause, kept for a debugger; never shown.</param>
    public GauFormatException(string file, string place, string reason, Exception? inner = null)
        : base($"{Printable.OneLine(file)}: {Printable.OneLine(place)}: {Printable.OneLine(reason)}", inner)
    {
        File = file;
        Place = place;
        Reason = reason;
    }

    /// <summary>Path of the file, as the user named it.</summary>
    public string File { get; }

    /// <summary>Where in the file: an offset, a line, a tensor name.</summary>
    public string Place { get; }

    /// <summary>What is wrong there, and what was expected.</summary>
    public string Reason { get; }
}
