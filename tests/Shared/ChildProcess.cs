using System.Diagnostics;

namespace GauRuntime.TestSupport;

/// <summary>Programs run as processes of their own.</summary>
internal static class ChildProcess
{
    /// <summary>How long something that must end is waited for: longer than the busiest machine takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The command that starts a program built beside the tests, for a shell.</summary>
    /// <remarks>Where the tests run in the background, signals may be ignored, and a program inherits that.</remarks>
    public static string Command(string program) =>
        $"env --default-signal=INT,HUP dotnet '{Path.Combine(AppContext.BaseDirectory, program)}.dll'";

    /// <summary>Runs a shell script to its end; its errors come without <see cref="MemoryLine"/>.</summary>
    public static (int Code, string Output, string Error) Shell(string script, TimeSpan? patience = null)
    {
        using Process process = Start(script);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience ?? Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(script);
        }
        return (process.ExitCode, output.Result, MemoryLine.Take(ProgressLines.Without(error.Result)).Others);
    }

    /// <summary>Waits for a process to end, and for nothing else.</summary>
    /// <returns>Its exit code.</returns>
    public static int End(Process process)
    {
        if (process.WaitForExit(Patience))
            return process.ExitCode;
        process.Kill(entireProcessTree: true);
        throw new TimeoutException(process.StartInfo.FileName);
    }

    /// <summary>Waits until something is so.</summary>
    public static void Until(Func<bool> isSo)
    {
        if (!SpinWait.SpinUntil(isSo, Patience))
            throw new TimeoutException();
    }

    /// <summary>Starts a shell script; its standard streams are ours.</summary>
    public static Process Start(string script) => Process.Start(new ProcessStartInfo("bash", ["-c", script])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
