using System.Globalization;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Train;
using GauRuntime.Weights.ModelFile;

const string Usage = """
    usage: benchmarks/Train/run CORPUS [--architecture NAME]... [--updates 80] [--rounds 3]
           benchmarks/Train/run CORPUS --head MODEL [--rounds 3]
    """;
if (args.Length % 2 == 0 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine(Usage);
    return 2;
}
List<string> architectures = [];
string? headModel = null;
int? updates = null;
int rounds = 3;
for (int i = 1; i < args.Length; i += 2)
{
    if (args[i] == "--architecture")
        architectures.Add(args[i + 1]);
    else if (args[i] == "--head")
        headModel = args[i + 1];
    else if (args[i] == "--updates")
        updates = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else if (args[i] == "--rounds")
        rounds = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else
        throw new ArgumentException($"unknown option {args[i]}");
}
if (headModel is not null && (architectures.Count > 0 || updates is not null))
    throw new ArgumentException("--architecture and --updates are of pretraining: leave them out beside --head");
Console.WriteLine(Machine.Read().Slug);
if (headModel is not null)
{
    (double features, double encoder) = HeadSpeed.Measure(args[0], headModel, rounds);
    Console.WriteLine("| features of a head, tokens/s | encoder alone, tokens/s | ratio |");
    Console.WriteLine("| --- | --- | --- |");
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {features:F0} | {encoder:F0} | {features / encoder:F3} |"));
    return 0;
}
if (architectures.Count == 0)
    architectures.Add("gau_alpha");
Console.WriteLine(
    "| architecture | pretraining, tokens/s | modules alone, tokens/s | ratio "
    + "| data, s | evaluation, s | saved state, s |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
foreach (string name in architectures)
{
    Architecture architecture =
        Enum.Parse<Architecture>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
    (double pretraining, double alone, PretrainingSpeed.Costs costs) =
        PretrainingSpeed.Measure(args[0], architecture, updates ?? 80, rounds);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {pretraining:F0} | {alone:F0} | {pretraining / alone:F3} "
        + $"| {costs.Data:F1} | {costs.Evaluation:F1} | {costs.State:F1} |"));
}
return 0;
