using System.Globalization;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Tokenizers;

// Tokenizers of .NET beside ours, on Chinese, mixed and English texts, on one thread:
//   dotnet run -c Release --project benchmarks/Tokenizer [-- ROUNDS [VOCAB.TXT]]
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 11;
Machine machine = Machine.Read();
string results = machine.ResultsFolder(), repository = Path.GetFullPath(Path.Combine(results, "..", "..", ".."));
Corpus[] corpora = Corpus.Of(repository);
string[] vocabulary = args.Length > 1 ? File.ReadAllLines(args[1]) : Vocabulary.Of(corpora);
string whose = $"{vocabulary.Length} tokens, {(args.Length > 1 ? Path.GetFileName(args[1]) : "made of the texts")}";
string command = $"dotnet run -c Release --project benchmarks/Tokenizer{(args.Length > 0 ? " -- " : "")}{
    string.Join(' ', args)}";
string report = Report.Of(machine, command, whose, new Rounds(corpora, Contender.All(vocabulary)).Run(rounds));
Console.WriteLine(report);
if (args.Length > 1)
    return 0;
Directory.CreateDirectory(results);
string path = Path.Combine(results, "tokenizer.md");
File.WriteAllText(path, report);
Console.WriteLine(path);
return 0;
