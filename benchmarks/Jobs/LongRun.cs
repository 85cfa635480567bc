using System.Diagnostics;
using System.Globalization;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>
/// A whole job by the program, in a process of its own, and its resident memory from the start to the end.
/// </summary>
/// <param name="Program">Which program it was, in words.</param>
/// <param name="Seconds">Of the process.</param>
/// <param name="ResidentMiB">Resident memory, ten times a second.</param>
/// <param name="Memory">What the program said of its memory before it started.</param>
/// <param name="Summary">What it said at the end.</param>
internal sealed record LongRun(
    string Program, double Seconds, IReadOnlyList<double> ResidentMiB, string Memory, string Summary)
{
    private const double Beginning = 0.05;   // of the run

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The samples after the first twentieth.</summary>
    private IEnumerable<double> Settled => ResidentMiB.Skip((int)(Beginning * ResidentMiB.Count));

    /// <summary>Resident memory after the first twentieth, in MiB.</summary>
    public double AfterBeginning => Settled.First();

    /// <summary>The most from then on.</summary>
    public double Most => Settled.Max();

    /// <summary>Scores a file with <c>gau</c>.</summary>
    /// <param name="file">The native file, or null: the program under the JIT.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">The records.</param>
    /// <param name="output">Where the results go; replaced.</param>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static LongRun Of(string? file, string model, string input, string output)
    {
        string[] jit = file is null ? [Path.Combine(AppContext.BaseDirectory, "gau.dll")] : [];
        ProcessStartInfo start = new(
            file ?? "dotnet",
            [.. jit, "score", input, "-o", output, "--model", model, "--no-progress", "--force"])
        {
            RedirectStandardError = true,
        };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardError.ReadToEndAsync();
        List<double> resident = [];
        while (!process.WaitForExit(SampleInterval))
        {
            if (ResidentOf(process.Id) is { } megabytes)
                resident.Add(megabytes);
        }
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        string[] lines = said.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return process.ExitCode == 0
            ? new LongRun(file is null ? "under the JIT" : "the native file", seconds, resident, lines[0], lines[^1])
            : throw new InvalidOperationException(said.Result);
    }

    private static double? ResidentOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null
                ? null
                : double.Parse(line["VmRSS:".Length..^" kB".Length], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return null;   // it has ended
        }
    }
}
