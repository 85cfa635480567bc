using System.Diagnostics;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Aot;

/// <summary>One of the two programs: how it is started.</summary>
internal sealed record GauProcess(string Name, string File, params string[] Prefix)
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>What it wrote, and how long it took from before it was started.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public (string Output, string Error, double Milliseconds) Run(params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode == 0
            ? (output, error.Result, milliseconds)
            : throw new InvalidOperationException($"{Name} {string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>Milliseconds from before it was started to the first line that it writes.</summary>
    public double FirstLine(string input, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string? line = process.StandardOutput.ReadLine();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return line is not null
            ? milliseconds
            : throw new InvalidOperationException($"{Name}: {process.StandardError.ReadToEnd()}");
    }

    /// <summary>A figure of a scoring run's summary.</summary>
    public double Figure(string name, params string[] arguments)
    {
        string summary = Run([.. arguments, "--json", "--no-progress"]).Error.TrimEnd().Split('\n')[^1];
        return JsonDocument.Parse(summary).RootElement.GetProperty("summary").GetProperty(name).GetDouble();
    }

    private Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(File, [.. Prefix, .. arguments])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;
}
