using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GauRuntime.Fuzz;

/// <summary>
/// Mutates inputs in this process, and keeps those at which a parser does what it must not. Where it
/// answers something new, the input is mutated further: what a parser says shows where in it an input got.
/// </summary>
/// <remarks>
/// A folder holds what is found: <c>pool</c>, inputs with an answer of their own; <c>faults</c>; <c>current</c>, the
/// input that is tried, so that one that ends the process is not lost; <c>tried</c>, the number of inputs so far. The
/// next run goes on from there.
/// </remarks>
internal sealed class Exploration
{
    private const int LargestPooled = 1 << 20;
    private const int TriedAtOnce = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FuzzTarget target;
    private readonly string pool, faults, current, tried;
    private readonly List<byte[]> inputs = [];
    private readonly HashSet<string> answers = [], known = [];
    private long startedAt;

    public Exploration(FuzzTarget target, string folder)
    {
        this.target = target;
        (pool, faults) = (Path.Combine(folder, "pool"), Path.Combine(folder, "faults"));
        (current, tried) = (Path.Combine(folder, "current"), Path.Combine(folder, "tried"));
        Directory.CreateDirectory(pool);
        Directory.CreateDirectory(faults);
        if (File.Exists(current))
            File.Move(current, Path.Combine(faults, "ended-the-process"), overwrite: true);
        inputs.AddRange(FuzzTargets.SeedsOf(target));
        inputs.AddRange(Directory.GetFiles(pool).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
    }

    /// <summary>Tries inputs until the process is asked to end.</summary>
    /// <returns>How many kinds of fault there were.</returns>
    public int Run()
    {
        using TemporaryFolder folder = new();
        using Timer watch = new(_ => EndIfStuck(), null, Patience, Patience / 4);
        int count = File.Exists(tried) ? int.Parse(File.ReadAllText(tried), CultureInfo.InvariantCulture) : 0;
        foreach (byte[] input in inputs.ToArray())
            Try(input, folder.Root, isNew: false);
        bool isAsked = false;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndSoon);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndSoon);
        for (; !Volatile.Read(ref isAsked); count++)
        {
            Mutator mutator = new(count);
            Try(mutator.Change(inputs[count % inputs.Count], inputs), folder.Root, isNew: true);
            if (count % TriedAtOnce == 0)
                WriteTried(count + 1);
        }
        WriteTried(count);
        File.Delete(current);
        Console.WriteLine($"{target.Name}: {count} inputs so far, {answers.Count} answers, {known.Count} kinds of fault");
        return known.Count;

        void EndSoon(PosixSignalContext context)
        {
            context.Cancel = true;
            Volatile.Write(ref isAsked, true);
        }
    }

    // Where the next run goes on, also if an input ends this one.
    private void WriteTried(int count) => File.WriteAllText(tried, count.ToString(CultureInfo.InvariantCulture));

    private void Try(byte[] input, string folder, bool isNew)
    {
        File.WriteAllBytes(current, input);
        Volatile.Write(ref startedAt, Stopwatch.GetTimestamp());
        Verdict verdict = Trial.Run(target, new FuzzInput(input, folder));
        Volatile.Write(ref startedAt, 0);
        if (verdict.Fault is { } fault && known.Add(KindOf(fault)))
        {
            string path = Keep(faults, input);
            File.WriteAllText(path + ".txt", fault);
            Console.WriteLine($"{path}: {fault}");
        }
        if (answers.Add(verdict.Answer) && isNew && input.Length <= LargestPooled)
        {
            inputs.Add(input);
            Keep(pool, input);
        }
    }

    private static string Keep(string folder, byte[] input)
    {
        string path = Path.Combine(folder, $"{XxHash3.HashToUInt64(input):x16}");
        File.WriteAllBytes(path, input);
        return path;
    }

    // Where it was thrown, not with what; "slow" and "greedy" are one kind each.
    private static string KindOf(string fault)
    {
        string[] lines = fault.Split('\n');
        return lines.FirstOrDefault(line => line.Contains(" at ", StringComparison.Ordinal)) is { } place
            ? lines[0].Split(':')[0] + place : lines[0].Split(':')[0];
    }

    private void EndIfStuck()
    {
        if (Volatile.Read(ref startedAt) is > 0 and var start && Stopwatch.GetElapsedTime(start) > Patience)
            Environment.FailFast($"{target.Name}: {current} takes more than {Patience.TotalSeconds} s");
    }
}
