namespace GauRuntime.Scoring;

/// <summary>Why a scoring run could not start or go on.</summary>
public enum ScoringFault
{
    /// <summary>What was asked for does not fit the model or the input.</summary>
    Usage,
    /// <summary>More records were rejected than allowed.</summary>
    TooManyRejects,
    /// <summary>An output exists already or cannot be made.</summary>
    CannotCreate,
    /// <summary>A run cannot be resumed, because something is not what it was.</summary>
    Mismatch,
    /// <summary>Another process is at it.</summary>
    Busy,
}

/// <summary>A scoring run cannot start or go on, for a reason that is not in a file's content.</summary>
public sealed class ScoringException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="fault">The kind of reason.</param>
    /// <param name="reason">One line for the user.</param>
    /// <param name="file">The file concerned, as the user named it.</param>
    /// <param name="inner">The cause.</param>
    public ScoringException(ScoringFault fault, string reason, string? file = null, Exception? inner = null)
        : base(reason, inner)
    {
        Fault = fault;
        File = file;
    }

    /// <summary>The kind of reason.</summary>
    public ScoringFault Fault { get; }

    /// <summary>The file concerned, as the user named it.</summary>
    public string? File { get; }
}
