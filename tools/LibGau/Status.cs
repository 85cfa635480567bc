using GauRuntime.Tools;

namespace GauRuntime.LibGau;

/// <summary>The codes of <c>gau.h</c> that are no exit codes of <c>gau</c>.</summary>
internal static class Status
{
    public const int BadModel = 100;
    public const int TooSmall = 101;
    public const int NotUtf8 = 102;
    public const int NoAnswer = 103;

    /// <summary>The code of what went wrong; the thread's message is set to it.</summary>
    public static int Of(Exception exception)
    {
        if (exception is GauTextException noAnswer)
            exception = new ToolException(NoAnswer, noAnswer.Message);
        try
        {
            LastError.Set(Failure.Line(exception));
        }
        catch (OutOfMemoryException)
        {
            LastError.SetNoMemory();
        }
        // Of a program what the system refuses to it is the machine's lack; gau.h counts it to the faults of a call.
        return ResourceFaults.Reason(exception) is null ? Failure.Code(exception) : ExitCode.Internal;
    }

    /// <summary>A NULL pointer, a number out of range, or a model that cannot do what was asked.</summary>
    public static ToolException Usage(string message) => new(ExitCode.Usage, message);
}
