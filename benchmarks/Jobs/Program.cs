using GauRuntime;
using GauRuntime.Benchmarks.Jobs;
using GauRuntime.Scoring;

using GauModel model = GauModel.Load("models/legal.int8.safetensors");
int size = int.Parse(args[0]), count = int.Parse(args[1]);
ScoringOptions options = new();
string folder = Directory.CreateTempSubdirectory("gau-jobs-").FullName;
foreach (Round round in new Rounds(model, options, folder).Run(Corpus.Lines(model).Chunk(size).Take(count + 1)))
    Console.WriteLine($"{round.Tokens / round.Encoder.Seconds:0} {round.Tokens / round.Job.Seconds:0} tokens/s; rate {round.Rate:0.000} cpu {round.Processor:0.000}; encoder {round.Encoder.ProcessorSeconds:0.00} s cpu of {round.Encoder.Seconds:0.00}, job {round.Job.ProcessorSeconds:0.00} of {round.Job.Seconds:0.00}; {round.Job.AllocatedBytes / size} B/record, encoder {round.Encoder.AllocatedBytes / size}");
Directory.Delete(folder, true);
