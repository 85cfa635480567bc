using System.Diagnostics;
using System.Globalization;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>A program run as a process of its own, with the most memory that it had resident.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, but for <see cref="MemoryLine"/>.</param>
/// <param name="Memory">That line, or nothing.</param>
/// <param name="PeakMiB">The most that was resident.</param>
internal sealed record MeasuredRun(int Code, string Output, string Error, string Memory, double PeakMiB)
{
    /// <summary>Runs a shell script that becomes the program by exec.</summary>
    public static MeasuredRun Of(string script)
    {
        using Process process = ChildProcess.Start(script);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Stopwatch clock = Stopwatch.StartNew();
        double peak = 0;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            peak = Math.Max(peak, HighWaterMark(process.Id));
            if (clock.Elapsed < ChildProcess.Patience)
                continue;
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(script);
        }
        (string memory, string rest) = MemoryLine.Take(ProgressLines.Without(error.Result));
        return new MeasuredRun(process.ExitCode, output.Result, rest, memory, peak);
    }

    // The kernel keeps the maximum, so only what is added in the last milliseconds can be missed.
    private static double HighWaterMark(int process)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    return double.Parse(line["VmHWM:".Length..^" kB".Length], CultureInfo.InvariantCulture) / 1024;
            }
        }
        catch (IOException)
        {
            // It has ended.
        }
        return 0;
    }
}
