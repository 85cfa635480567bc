using System.Globalization;
using GauRuntime;
using GauRuntime.Benchmarks.Jobs;
using GauRuntime.Scoring;

// Rounds of a job of short texts into a file and of the encoder alone over the same batches, in turn.
int size = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
string path = args.Length > 2 ? args[2] : "models/legal.int8.safetensors";
using GauModel model = GauModel.Load(path);
ScoringOptions options = new();
DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-jobs-");
try
{
    Console.WriteLine($"{path}, tier {model.Tier}, {options.Threads} threads, {size} records per round");
    List<Round> rounds = new Rounds(model, options, folder.FullName)
        .Run(Corpus.Lines(model).Chunk(size).Take(count + 1));
    foreach (Round round in rounds)
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"encoder {round.Tokens / round.Encoder.Seconds:0} tokens/s, job {round.Tokens / round.Job.Seconds:0}: "
            + $"{round.Rate:0.000} of it; processor time {round.Processor:0.000}"));
    double[] rates = [.. rounds.Select(round => round.Rate).Order()];
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {rates[rates.Length / 2]:0.000}"));
}
finally
{
    folder.Delete(recursive: true);
}
