namespace GauRuntime.CommandLine;

/// <summary>A command cannot go on, and its exit code is known.</summary>
internal sealed class CommandException(int code, string reason, string? file = null, string? place = null, Exception? inner = null)
    : Exception(reason, inner)
{
    public int Code { get; } = code;

    public string? File { get; } = file;

    public string? Place { get; } = place;
}
