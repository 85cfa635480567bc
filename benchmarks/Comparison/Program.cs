using GauRuntime.Benchmarks.Comparison;

return ComparisonOptions.Command(options =>
{
    Directory.CreateDirectory(options.Folder);
    ModelRun.WriteLists(options);
    IReadOnlyList<TaskData> tasks = TaskData.Of(options);
    List<ModelRun> done = [];
    // Seed by seed, so that a comparison which is not at its end yet is one of all models.
    for (int seed = 1; seed <= options.Seeds; seed++)
        foreach (ComparedModel model in ComparedModel.All)
        {
            ModelRun run = new(options, model, seed);
            run.Run(tasks);
            done.Add(run);
        }
    done.ForEach(run => run.Measure());
    string table = ComparisonReport.Table(options, tasks, done);
    File.WriteAllText(Path.Combine(options.Folder, "comparison.md"), table);
    File.WriteAllText(Path.Combine(options.Folder, "comparison.html"), ComparisonReport.Page(done));
    Console.Write(table);
}).Parse(args).Invoke();
