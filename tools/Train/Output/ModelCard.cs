using GauRuntime.Train.Models;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>What a reader of a trained model should know: its <c>README.md</c>.</summary>
internal sealed record ModelCard
{
    public const string Name = "README.md";

    /// <summary>What the model is, one line.</summary>
    public required string Title { get; init; }

    /// <summary>What it was made from: another model, or new weights.</summary>
    public required string Origin { get; init; }

    /// <summary>The files it was trained and judged on, with their size.</summary>
    public required IReadOnlyList<(string What, string Value)> Data { get; init; }

    /// <summary>The licence, as whoever trained it says; null: nobody said.</summary>
    public string? Licence { get; init; }

    /// <summary>How it was trained: optimizer, rate, batch, epochs or updates.</summary>
    public required IReadOnlyList<(string What, string Value)> Recipe { get; init; }

    /// <summary>What was dropped meanwhile, for its configuration; null: it was not trained itself.</summary>
    public DropoutRates? Dropout { get; init; }

    /// <summary>What it reached, and on what.</summary>
    public required IReadOnlyList<(string What, string Value)> Metrics { get; init; }

    /// <summary>What all random numbers come from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Programs and libraries that computed it.</summary>
    public required IReadOnlyList<(string What, string Value)> Versions { get; init; }

    /// <summary>Name and version of this program.</summary>
    public static (string What, string Value) Program =>
        ("gau-train", typeof(ModelCard).Assembly.GetName().Version!.ToString(3));

    /// <summary>The page, in Markdown.</summary>
    /// <param name="model">The model.</param>
    public string Page(ModelDescription model)
    {
        IEnumerable<string> lines =
        [
            $"# {Plain(Title)}",
            .. Table("Model",
            [
                ("architecture", model.Config.Traits.Title), ("made from", Origin),
                ("layers, width", $"{model.Config.LayerCount}, {model.Config.HiddenSize}"),
                ("vocabulary", $"{model.Config.VocabSize} tokens"), ("head", HeadOf(model)),
                ("licence", Licence ?? "not said by who trained it"),
            ]),
            .. Table("Data", Data),
            .. Table("Recipe", [.. Recipe, ("seed", $"{Seed}")]),
            .. Table("Metrics", Metrics),
            .. Table("Versions", Versions),
            "",
            .. PortHead.HasClass(model)
                ? ["The folder has the layout of the PyTorch port; `gau-convert` makes a model file of it."]
                : (string[])
                [
                    $"The folder has the layout of the PyTorch port, whose classes have no such head: `{ConfigKey}` in",
                    "`config.json` describes it for `gau-convert`, which makes a model file of the folder.",
                ],
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private const int Part = 50;   // characters, even where each is escaped, that one line has room for

    private const string ConfigKey = Convert.Configuration.OwnHead.Key;

    private static string HeadOf(ModelDescription model)
    {
        string head = JsonName.Of(model.Head.Kind);
        return model.Head.Labels.Count > 0 && model.Head.Kind != HeadKind.QuestionAnswering
            ? $"{head}: {string.Join(", ", model.Head.Labels)}" : head;
    }

    private static string[] Table(string title, IReadOnlyList<(string What, string Value)> rows) => rows.Count == 0
        ? []
        :
    [
        "", $"## {title}", "", "| | |", "| --- | --- |",
        .. rows.Select(row => $"| {Plain(row.What)} | {Plain(row.Value)} |"),
    ];

    // On one line, and without what would end a cell.
    private static string Plain(string text) =>
        string.Concat(text.Chunk(Part).Select(part => Printable.OneLine(new string(part))))
            .Replace("|", "\\|", StringComparison.Ordinal);
}
