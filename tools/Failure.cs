using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Tools;

/// <summary>What went wrong, as one line for a user and as an exit code for a script.</summary>
internal static class Failure
{
    /// <summary>The exit code of an exception.</summary>
    public static int Code(Exception exception) => exception switch
    {
        ToolException tool => tool.Code,
        _ when ResourceFaults.Reason(exception) is not null => ExitCode.Unsupported,
        GauFormatException => ExitCode.MalformedInput,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => ExitCode.InputMissing,
        PlatformNotSupportedException => ExitCode.Unsupported,
        IOException => ExitCode.InputOutput,
        _ => ExitCode.Internal,
    };

    /// <summary>Prints one line, never a stack trace, and returns the exit code.</summary>
    public static int Report(Exception exception, TextWriter error, bool json)
    {
        int code = Code(exception);
        error.WriteLine(json ? Json(exception, code) : $"error: {Line(exception, code)}");
        return code;
    }

    /// <summary>Prints a usage error and returns its exit code.</summary>
    public static int ReportUsage(IEnumerable<string> messages, TextWriter error, bool json) =>
        Report(new ToolException(ExitCode.Usage, string.Join(" ", messages)), error, json);

    /// <summary>What went wrong, as one line.</summary>
    public static string Line(Exception exception) => Line(exception, Code(exception));

    private static string Line(Exception exception, int code) => TemporaryName.Hide(exception switch
    {
        GauFormatException format => format.Message,
        _ when ResourceFaults.Reason(exception) is { } reason => reason,
        _ when code == ExitCode.Internal =>
            Printable.OneLine($"internal error: {exception.GetType().Name}: {exception.Message}"),
        _ => Printable.Escaped(exception.Message),
    });

    private static string Json(Exception exception, int code) => JsonText.Of(writer =>
    {
        GauFormatException? format = exception as GauFormatException;
        string? file = format?.File ?? (exception as ToolException)?.File
            ?? (exception as FileNotFoundException)?.FileName;
        writer.WriteStartObject();
        writer.WriteString(
            "error",
            format is null ? Line(exception, code)
            : format.Files.Count > 1 ? format.Message
            : Printable.OneLine(format.Reason));
        writer.WriteString("file", file is null ? null : TemporaryName.Hide(file));
        writer.WriteString("place", format is null ? null : Printable.OneLine(format.Place));
        if (format is { Files.Count: > 1 })
        {
            writer.WriteStartArray("files");
            foreach (string each in format.Files)
                writer.WriteStringValue(each);
            writer.WriteEndArray();
        }
        writer.WriteNumber("code", code);
        writer.WriteEndObject();
    });
}
