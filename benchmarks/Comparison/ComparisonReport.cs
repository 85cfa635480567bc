using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Statistics;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Benchmarks.Comparison;

/// <summary>All runs as a table in Markdown, and as a page with the curves.</summary>
internal static class ComparisonReport
{
    private const double Width = 720, Height = 320, Left = 60, Right = 20, Top = 16, Bottom = 40;

    // Colours that can be told apart in light, in dark and by most eyes.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#cc79a7", "#009e73", "#e69f00"];

    /// <summary>A row for each model: means over seeds, and the runs behind them.</summary>
    public static string Table(ComparisonOptions options, IReadOnlyList<TaskData> tasks, IEnumerable<ModelRun> runs)
    {
        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture,
            $"{Machine.Read().Processor}, {Environment.ProcessorCount} threads. {options.Updates} updates of ");
        table.Append(CultureInfo.InvariantCulture,
            $"{options.BatchTokens * options.Accumulate} tokens, {options.MaxLength} tokens a text, {options.Seeds} ");
        table.Append(CultureInfo.InvariantCulture,
            $"seeds; then {options.Epochs} epochs on {options.TrainRows} rows of a task, {options.Batch} at a time. ");
        table.Append(CultureInfo.InvariantCulture,
            $"Rates: LAMB {options.Rate}, AdaFactor {options.TaskRate}.\n\n");
        string[] heads =
        [
            "model", "held-out loss", "masked accuracy", .. tasks.Select(task => task.Title), "training, tokens/s",
            "training, MiB", "inference, tokens/s", "inference, MiB",
        ];
        Row(table, heads);
        Row(table, [.. heads.Select((_, i) => i == 0 ? "---" : "---:")]);
        foreach (IGrouping<ComparedModel, ModelRun> model in runs.GroupBy(run => run.Model))
            Row(table,
            [
                model.Key.Title,
                Mean(model, run => run.Curve[^1].HeldOutLoss, Loss),
                Mean(model, run => run.Curve[^1].HeldOutAccuracy, value => Percent.Of(value, "F1")),
                .. tasks.Select(task => Accuracy(model, task)),
                Mean(model, run => run.TrainingSpeed, Whole), Mean(model, run => run.TrainingMib, Whole),
                Mean(model, run => run.Inference!.TokensPerSecond, Whole),
                Mean(model, run => run.Inference!.PeakRssMib, Whole),
            ]);
        return table.Append(
            "\nIn brackets: every seed; of tasks, 95 % of a run (Wilson). Training: all threads. Inference: F32, one "
            + "thread.\n").ToString();
    }

    /// <summary>A page with the held-out loss of all runs by tokens, and the table's numbers.</summary>
    public static string Page(IReadOnlyList<ModelRun> runs)
    {
        Svg chart = new(Width, Height);
        Axis losses = Axis.Around(
            runs.SelectMany(run => run.Curve).Select(row => row.HeldOutLoss), Height - Bottom, Top);
        losses.Draw(chart, Left, Width - Right, "");
        double most = Math.Max(1, runs.SelectMany(run => run.Curve).Max(row => row.Tokens));
        StringBuilder style = new();
        ComparedModel[] models = [.. runs.Select(run => run.Model).Distinct()];
        for (int i = 0; i < models.Length; i++)
        {
            style.Append(CultureInfo.InvariantCulture,
                $".c{i}{{fill:none;stroke:{Colours[i]};stroke-width:2}}.t{i}{{fill:{Colours[i]};font-size:12px}}");
            foreach (ModelRun run in runs.Where(run => run.Model == models[i]))
                chart.Path(
                    run.Curve.Select(row =>
                        (Left + row.Tokens / most * (Width - Left - Right), losses.At(row.HeldOutLoss))),
                    $"c{i}");
            chart.Label(Width - Right, Top + 14 * (i + 1), models[i].Title, "end", $"t{i}");
        }
        chart.Label((Left + Width) / 2, Height - 8, "tokens trained on, up to " + Whole(most));
        string numbers = HtmlTable.Of(
            "Points", ["run", "update", "tokens", "held-out loss", "masked accuracy"],
            runs.SelectMany(run => run.Curve.Select(row => (IReadOnlyList<string>)
            [
                $"{run.Model.Title}, seed {run.Seed}", Whole(row.Update), Whole(row.Tokens),
                Loss(row.HeldOutLoss), Percent.Of(row.HeldOutAccuracy, "F1"),
            ])));
        return new HtmlPage("The family in small", style.ToString())
            .Section(
                "Held-out loss", "Nats per masked token, a line for each seed.",
                chart.Element("loss", "Held-out loss by tokens", "A falling line for each run.") + numbers, wide: true)
            .ToString();
    }

    private static string Accuracy(IEnumerable<ModelRun> runs, TaskData task)
    {
        TaskAccuracy[] all = [.. runs.Select(run => run.Accuracies[task.Name])];
        double mean = all.Average(one => one.Share);
        long count = all[0].Count;
        ConfidenceInterval interval = ConfidenceInterval.Wilson((long)Math.Round(mean * count), count);
        return Mean(runs, run => run.Accuracies[task.Name].Share, value => Percent.Of(value, "F1"))
            + $", {Percent.Of(interval.Low, "F1")} to {Percent.Of(interval.High, "F1")}";
    }

    private static string Mean(IEnumerable<ModelRun> runs, Func<ModelRun, double> value, Func<double, string> shown)
    {
        double[] values = [.. runs.Select(value)];
        return $"{shown(values.Average())} ({string.Join(", ", values.Select(shown))})";
    }

    private static string Loss(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("F0", CultureInfo.InvariantCulture);

    private static void Row(StringBuilder table, IEnumerable<string> cells) =>
        table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
