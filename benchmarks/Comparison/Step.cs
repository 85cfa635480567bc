using System.Diagnostics;
using System.Text.Json;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>A command of the list, run once.</summary>
/// <param name="Name">What is shown, and the name of its files: <c>NAME.done.json</c> and <c>NAME.out</c>.</param>
/// <param name="Program">A program of the repository.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Step(string Name, string Program, IReadOnlyList<string> Arguments)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it, unless it is done with the same command line.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <exception cref="InvalidOperationException">It failed, or was done with another command line.</exception>
    public StepCost Run(string folder)
    {
        string marker = Path.Combine(folder, Name + ".done.json"), output = OutputIn(folder);
        // Where files lie is no part of it: what is done may be copied to go on elsewhere.
        string line = string.Join(' ', [
            Path.GetFileName(Program),
            .. Arguments.Select(argument => Path.IsPathRooted(argument) ? Path.GetFileName(argument) : argument),
        ]);
        Directory.CreateDirectory(Path.GetDirectoryName(marker)!);
        if (File.Exists(marker))
        {
            StepCost done = JsonSerializer.Deserialize<StepCost>(File.ReadAllText(marker))!;
            if (done.Command != line)
                throw new InvalidOperationException(
                    $"{marker}: done as \"{done.Command}\", and now \"{line}\": use another folder, or remove it");
            return done;
        }
        Console.Error.WriteLine($"{Path.GetFileName(folder)} {Name}: {line}");
        StepCost cost = Execute(line, output);
        string unfinished = marker + ".new";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(cost));
        File.Move(unfinished, marker);
        return cost;
    }

    /// <summary>Runs it as <see cref="Run"/> does.</summary>
    /// <returns>The file of what it wrote to standard output.</returns>
    public string OutputAfter(string folder)
    {
        Run(folder);
        return OutputIn(folder);
    }

    private string OutputIn(string folder) => Path.Combine(folder, Name + ".out");

    private StepCost Execute(string line, string output)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardOutput = true,
        })!;
        double peak = 0;
        using (FileStream file = File.Create(output))
        {
            Task copied = process.StandardOutput.BaseStream.CopyToAsync(file);
            while (!process.WaitForExit(LookInterval))
                peak = Math.Max(peak, PeakMebibytes(process));
            copied.Wait();
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name}: exit code {process.ExitCode}: {line}");
        return new StepCost(line, watch.Elapsed.TotalSeconds, peak);
    }

    private static double PeakMebibytes(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64 / (double)(1 << 20);
        }
        catch (InvalidOperationException)
        {
            return 0;   // it has just ended
        }
    }
}

/// <summary>What a step cost.</summary>
/// <param name="Command">Its command line, of files the names alone.</param>
/// <param name="Seconds">From start to end; of one that was interrupted, the last attempt.</param>
/// <param name="PeakMib">The most memory that it had, as often as one looks; of the last attempt.</param>
internal sealed record StepCost(string Command, double Seconds, double PeakMib);
