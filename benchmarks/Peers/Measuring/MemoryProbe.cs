using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Peak memory of an engine, in a process of its own.</summary>
internal static partial class MemoryProbe
{
    /// <summary>First argument of the child process.</summary>
    public const string ChildOption = "--memory-of";

    /// <summary>Starts the child process and reads what it found, lengths ascending.</summary>
    public static IEnumerable<MemorySample> Run(EngineSpec engine, string folder, IEnumerable<int> lengths)
    {
        string program = Environment.ProcessPath!;
        List<string> arguments = [ChildOption, engine.Id, folder, string.Join(',', lengths.Order())];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            arguments.Insert(0, typeof(MemoryProbe).Assembly.Location);
        using Process child = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        List<MemorySample> samples = [];
        while (child.StandardOutput.ReadLine() is string line)
            if (line.Split(' ') is [string length, string bytes])
                samples.Add(new MemorySample(engine.Id, int.Parse(length, CultureInfo.InvariantCulture),
                    long.Parse(bytes, CultureInfo.InvariantCulture)));
        child.WaitForExit();
        return child.ExitCode == 0
            ? samples
            : throw new InvalidOperationException($"the memory probe of {engine.Id} ended with {child.ExitCode}");
    }

    /// <summary>The child process: prints a length and a number of bytes per line.</summary>
    /// <remarks>
    /// Loading is not counted: before each length the C heap returns what is free, and the mark is set back.
    /// </remarks>
    public static int Child(string id, string folder, string lengths)
    {
        using IEngine engine = EngineSpec.Of(id).Open(folder, masked: false, threads: 1);
        foreach (string length in lengths.Split(','))
        {
            engine.Prepare([RandomTexts.OfLength(int.Parse(length, CultureInfo.InvariantCulture), 1)]);
            GC.Collect();
            _ = ReturnFreeMemory(0);
            File.WriteAllText("/proc/self/clear_refs", "5");   // VmHWM = VmRSS
            for (int run = 0; run < 2; run++)
                engine.Run();
            Console.WriteLine($"{length} {PeakBytes()}");
        }
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int ReturnFreeMemory(nuint pad);

    private static long PeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        string kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return 1024 * long.Parse(kibibytes, CultureInfo.InvariantCulture);
    }
}
