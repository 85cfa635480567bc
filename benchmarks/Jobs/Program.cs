using System.Globalization;
using GauRuntime;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Jobs;
using GauRuntime.Scoring;

// shares MIB MODEL FILE, of which the last three may be left out: what the tasks of an array read, and how fast an
// index is made.
if (args is ["shares", ..])
{
    Console.WriteLine(ShareReads.Run(
        args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1024,
        args.Length > 2 ? args[2] : "models/legal.int8.safetensors", args.Length > 3 ? args[3] : null));
    return;
}

// Rounds of a job of short texts into a file and of the encoder alone over the same batches, in turn; then the program
// over many records at once, under the JIT and, if it is given, as the native file.
int size = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 40_000;
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
int records = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1_000_000;
string path = args.Length > 3 ? args[3] : "models/legal.int8.safetensors";
string?[] programs = args.Length > 4 ? [null, args[4]] : [null];
using GauModel model = GauModel.Load(path);
ScoringOptions options = new();
DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-jobs-");
try
{
    Console.WriteLine($"{path}, tier {model.Tier}, {options.Threads} threads, {size} records per round");
    List<Round> rounds = new Rounds(model, options, folder.FullName)
        .Run(Corpus.Lines(model).Chunk(size).Take(count + 1));
    string input = Path.Combine(folder.FullName, "all.jsonl");
    Corpus.Write(input, Corpus.Lines(model).Take(records));
    string output = Path.Combine(folder.FullName, "all.scored.jsonl");
    LongRun[] runs = [.. programs.Select(file => LongRun.Of(file, path, input, output))];
    string report = new JobReport(Machine.Read(), model, path, options, size, rounds, records, runs).Write();
    Console.WriteLine(File.ReadAllText(report));
    Console.WriteLine(report);
}
finally
{
    folder.Delete(recursive: true);
}
