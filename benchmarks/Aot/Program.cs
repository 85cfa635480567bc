using System.Diagnostics;
using System.Globalization;
using GauRuntime;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Aot;
using GauRuntime.Benchmarks.Jobs;

// Rounds of the native file and of the program under the JIT, in turn; writes results/<cpu>/aot.md.
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
Machine machine = Machine.Read();
string results = machine.ResultsFolder(), root = Path.GetFullPath(Path.Combine(results, "..", "..", ".."));
DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-aot-");
try
{
    using Process publish = Process.Start(
        "dotnet", ["publish", "-c", "Release", "--ucr", Path.Combine(root, "tools", "Gau"), "-o", folder.FullName]);
    publish.WaitForExit();
    if (publish.ExitCode != 0)
        return publish.ExitCode;
    string file = Path.Combine(folder.FullName, "gau"), model = Path.Combine(folder.FullName, "base.safetensors");
    BaseModel.Write(model);
    string records = Path.Combine(folder.FullName, "records.jsonl"), few = Path.Combine(folder.FullName, "few.jsonl");
    using (GauModel legal = GauModel.Load(Path.Combine(root, "models", "legal.int8.safetensors")))
    {
        Corpus.Write(records, Corpus.Lines(legal).Take(20_000));
        Corpus.Write(few, Corpus.Lines(legal).Take(1_000));
    }
    string record = File.ReadLines(records).First() + "\n", output = Path.Combine(folder.FullName, "out.jsonl");
    GauProcess native = new("native", file);
    GauProcess jit = new("JIT", "dotnet", Path.Combine(AppContext.BaseDirectory, "gau.dll"));
    Rounds both = new(native, jit);

    Pair inspect = both.Medians("`gau inspect`", 6 * rounds, gau => gau.Run("inspect").Milliseconds);
    Pair first = both.Medians("first record, default model", 6 * rounds, gau => gau.FirstLine(record, "score", "-"));
    Pair large = both.Medians(
        "first record, base int8", 3 * rounds, gau => gau.FirstLine(record, "score", "-", "--model", model));
    Pair memory = both.Medians(
        "base int8, 1000 records", 1,
        gau => gau.Figure("peak_rss_mib", "score", few, "--model", model, "-o", output, "--force"));
    Pair job = both.Medians(
        "job, default model, 20 000 records", rounds,
        gau => gau.Figure("tokens_per_second", "score", records, "-o", output, "--force"));
    Pair[] encoder = [.. both.Encoder(model, [32, 128, 512], 1, rounds), .. both.Encoder(model, [128, 512], 2, rounds)];

    double modelMiB = new FileInfo(model).Length / (double)(1 << 20);
    Report report = new(machine);
    report.Figures("Against the aims",
    [
        ("size of the file", $"{Whole(new FileInfo(file).Length / 1e6)} MB", "17 MB"),
        (inspect.What, $"{Whole(inspect.Native)} ms", "30 ms"),
        (first.What, $"{Whole(first.Native)} ms", "60 ms"),
        ($"first record, base int8 ({Whole(modelMiB)} MiB, in the page cache)", $"{Whole(large.Native)} ms", "200 ms"),
        ("peak memory, base int8, beyond the model file", $"{Whole(memory.Native - modelMiB)} MiB", "120 MiB"),
        ("throughput, native / JIT, worst of those below",
            encoder.Append(job).Min(pair => pair.Ratio).ToString("0.000", CultureInfo.InvariantCulture), "0.970"),
    ]);
    report.Pairs("Throughput", "tokens/s", [job, .. encoder]);
    report.Pairs("From the start of the process", "ms", [inspect, first, large]);
    report.Pairs("Peak memory", "MiB", [memory]);
    Directory.CreateDirectory(results);
    File.WriteAllText(Path.Combine(results, "aot.md"), report.ToString());
    Console.WriteLine(report);
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}

static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);
