using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Server;

/// <summary>A call that cannot be answered, and the line that its user reads.</summary>
/// <param name="status">The code of HTTP.</param>
/// <param name="kind">What the page shows in its own language; see <see cref="ApiFaultKind"/>.</param>
/// <param name="message">What went wrong, as one line.</param>
internal sealed class ApiFault(int status, string kind, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Kind { get; } = kind;

    /// <summary>A call that no page of ours makes.</summary>
    public static ApiFault Request(string message) =>
        new(StatusCodes.Status400BadRequest, ApiFaultKind.Request, message);

    /// <summary>Something that is not there, or no longer.</summary>
    public static ApiFault Missing(string message) =>
        new(StatusCodes.Status404NotFound, ApiFaultKind.Missing, message);

    /// <summary>Something that cannot be done as things stand.</summary>
    public static ApiFault Refused(string message) =>
        new(StatusCodes.Status409Conflict, ApiFaultKind.Refused, message);
}

/// <summary>Kinds of faults, by which the page chooses its words.</summary>
internal static class ApiFaultKind
{
    public const string Request = "request", Missing = "missing", Refused = "refused", Replaced = "replaced",
        TooLarge = "too-large", TextTooLarge = "text-too-large", Checkpoint = "checkpoint", TooSlow = "too-slow",
        Fault = "fault", Internal = "internal";
}
