using System.Text;
using System.Text.Json;
using GauRuntime.Weights;

namespace GauRuntime.CommandLine;

/// <summary>What a command says when it fails: one line on stderr, and an exit code.</summary>
internal sealed record Failure(int Code, string Reason, string? File = null, string? Place = null)
{
    private const int BrokenPipe = 32; // EPIPE on Linux and macOS
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsPipeClosing = unchecked((int)0x800700E8);

    /// <summary>The exit code and the words for an exception that reached the top of a command.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        CommandException e => new(e.Code, e.Message, e.File, e.Place),
        GauFormatException e => new(ExitCode.Malformed, e.Reason, e.File, e.Place),
        FileNotFoundException e => new(ExitCode.InputMissing, "no such file", e.FileName),
        DirectoryNotFoundException or UnauthorizedAccessException => new(ExitCode.InputMissing, exception.Message),
        PlatformNotSupportedException => new(ExitCode.Unsupported, exception.Message),
        IOException e when IsClosedPipe(e) => new(ExitCode.ClosedPipe, "the reader closed the pipe"),
        IOException => new(ExitCode.InputOutput, exception.Message),
        AggregateException { InnerException: { } inner } => Of(inner),
        OutOfMemoryException => new(ExitCode.Internal, "out of memory"),
        _ => new(ExitCode.Internal, $"internal error: {exception.GetType().Name}: {exception.Message}"),
    };

    /// <summary>Whether a write failed because nobody reads any more.</summary>
    public static bool IsClosedPipe(IOException exception) =>
        exception.HResult is BrokenPipe or WindowsBrokenPipe or WindowsPipeClosing;

    /// <summary>The line, without its newline. A closed pipe is told by the exit code alone: it is how <c>head</c> ends.</summary>
    public string Line(string program, bool json)
    {
        if (json)
            return JsonLine();
        StringBuilder line = new($"{program}: ");
        if (File is not null)
            line.Append(Printable.OneLine(File)).Append(": ");
        if (Place is not null)
            line.Append(Printable.OneLine(Place)).Append(": ");
        return line.Append(Printable.OneLine(Reason)).ToString();
    }

    private string JsonLine()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("error", Printable.OneLine(Reason));
            if (File is not null)
                writer.WriteString("file", File);
            if (Place is not null)
                writer.WriteString("place", Place);
            writer.WriteNumber("code", Code);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
