using GauRuntime.Fuzz;
using SharpFuzz;

// Feeds parsers what nobody vouches for: see tests/Fuzz/run.
switch (args)
{
    case ["list"]:
        foreach (FuzzTarget target in FuzzTargets.All)
            Console.WriteLine(target.Name);
        return 0;
    case ["seeds", var name, var folder] when FuzzTargets.Find(name) is { } target:
        Directory.CreateDirectory(folder);
        foreach ((int number, byte[] seed) in FuzzTargets.SeedsOf(target).Index())
            File.WriteAllBytes(Path.Combine(folder, $"{number:d3}"), seed);
        return 0;
    case ["try", var name, .. var files] when FuzzTargets.Find(name) is { } target:
        using (TemporaryFolder folder = new())
        {
            bool good = true;
            foreach (string file in files)
            {
                Verdict verdict = Trial.Run(target, new FuzzInput(File.ReadAllBytes(file), folder.Root));
                good &= verdict.Fault is null;
                string answer = verdict.Answer.Length == 0 ? "read" : $"refused: {verdict.Answer}";
                Console.WriteLine($"{file}: {verdict.Fault ?? answer}");
            }
            return good ? 0 : 1;
        }
    case ["explore", var name, var folder] when FuzzTargets.Find(name) is { } target:
        return new Exploration(target, folder).Run() == 0 ? 0 : 1;
    case ["afl", var name, var said] when FuzzTargets.Find(name) is { } target:
        using (TemporaryFolder folder = new())
        {
            Fuzzer.OutOfProcess.Run(stream =>
            {
                using MemoryStream bytes = new();
                stream.CopyTo(bytes);
                if (Trial.Run(target, new FuzzInput(bytes.ToArray(), folder.Root)).Fault is not { } fault)
                    return;
                // AFL++ keeps the input, but not what was wrong, which may be hard to see again.
                File.AppendAllText(said, fault + "\n");
                throw new InvalidOperationException(fault);
            });
        }
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: list | seeds TARGET FOLDER | try TARGET FILE… | explore TARGET FOLDER | afl TARGET FILE");
        return 2;
}
