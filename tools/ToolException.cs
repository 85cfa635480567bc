namespace GauRuntime.Tools;

/// <summary>A failure that a program found itself and that has an exit code of its own.</summary>
internal sealed class ToolException(int code, string message, string? file = null) : Exception(message)
{
    /// <summary>One of <see cref="ExitCode"/>.</summary>
    public int Code { get; } = code;

    /// <summary>The file concerned, if any.</summary>
    public string? File { get; } = file;
}
