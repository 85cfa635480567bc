using System.Collections.Concurrent;
using GauRuntime.Benchmarks.Comparison;

return ComparisonOptions.Command(options =>
{
    Directory.CreateDirectory(options.Folder);
    ModelRun.WriteLists(options);
    IReadOnlyList<TaskData> tasks = TaskData.Of(options);
    // Seed by seed, so that a comparison which is not at its end yet is one of all models.
    ModelRun[] runs =
    [
        .. Enumerable.Range(1, options.Seeds)
            .SelectMany(seed => ComparedModel.All.Select(model => new ModelRun(options, model, seed))),
    ];
    Parallel.ForEach(
        Partitioner.Create(runs, EnumerablePartitionerOptions.NoBuffering),
        new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce }, run => run.Run(tasks));
    Array.ForEach(runs, run => run.Measure());
    string table = ComparisonReport.Table(options, tasks, runs);
    File.WriteAllText(Path.Combine(options.Folder, "comparison.md"), table);
    File.WriteAllText(Path.Combine(options.Folder, "comparison.html"), ComparisonReport.Page(runs));
    Console.Write(table);
}).Parse(args).Invoke();
