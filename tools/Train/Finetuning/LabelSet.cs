using System.Globalization;
using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>The outputs of a head, as the labels of its data tell them.</summary>
/// <param name="Labels">Names of the outputs, in order.</param>
/// <param name="Problem">What they mean.</param>
internal sealed record LabelSet(IReadOnlyList<string> Labels, ProblemType Problem)
{
    private const int MostValues = 20;   // different numbers with fractions that still look like classes

    /// <summary>Name of the one output of a regression.</summary>
    private const string Score = "score";

    /// <summary>What records tell.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="records">With valid labels, of which the task has no more to say.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <exception cref="GauFormatException">There is nothing to tell apart, or labels have several forms.</exception>
    /// <exception cref="ToolException">They look like values, and nobody said what they are.</exception>
    public static LabelSet Of(TrainingTask task, IReadOnlyList<TextRecord> records, string source) => task.Kind switch
    {
        HeadKind.TokenClassification => OfEntities(records, source),
        HeadKind.MultipleChoice => new LabelSet([], ProblemType.SingleLabel),
        HeadKind.QuestionAnswering => new LabelSet(["start", "end"], ProblemType.SingleLabel),
        _ when task.Problem == ProblemType.Regression => new LabelSet([Score], ProblemType.Regression),
        _ => OfTexts(task, records, source),
    };

    /// <summary>The head that these are the outputs of: linear, on the first token, as the authors fine-tune.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="segments">Segment ids of pairs.</param>
    /// <param name="maxTokens">Where texts are cut if nobody says otherwise; null: the head does not say.</param>
    public HeadConfig Head(TrainingTask task, SegmentPolicy segments, int? maxTokens) => new()
    {
        Kind = task.Kind, Labels = Labels, Pooling = Pooling.First, HasDense = false,
        DenseActivation = Activation.Identity, ProblemType = Problem, Segments = segments, MaxTokens = maxTokens,
    };

    private static LabelSet OfEntities(IReadOnlyList<TextRecord> records, string source)
    {
        string[] kinds = InOrder(records.SelectMany(record => LabelledRecords.Label(record, KindsIn)));
        if (kinds.Length == 0)
            throw new GauFormatException(source, "labels", "no record has an entity: there is nothing to find");
        string[] labels = ["O", .. kinds.SelectMany(kind => (string[])[$"B-{kind}", $"I-{kind}"])];
        return new LabelSet(labels, ProblemType.SingleLabel);
    }

    /// <summary>The kinds of the entities in a label.</summary>
    public static string[] KindsIn(JsonElement label) =>
        [.. label.EnumerateArray().Select(entity => EntityEvaluation.Read(entity)!.Value.Label)];

    private static LabelSet OfTexts(TrainingTask task, IReadOnlyList<TextRecord> records, string source)
    {
        bool IsArray(TextRecord record) =>
            LabelledRecords.Label(record, label => label.ValueKind == JsonValueKind.Array);
        bool several = task.Problem is { } problem ? problem == ProblemType.MultiLabel : IsArray(records[0]);
        if (task.Problem is null && records.Where(record => IsArray(record) != several).ToArray() is [var other, ..])
            throw new GauFormatException(
                other.Place.Source, $"{other.Place.Unit} {other.Place.Line}", several
                    ? "its label is no array, but that of the first record is"
                    : "its label is an array, but that of the first record is none");
        string[] names = InOrder(records.SelectMany(
            record => LabelledRecords.Label(record, label => TrainingTask.NamesIn(label).ToArray())));
        if (names.Length < (several ? 1 : 2))
            throw new GauFormatException(
                source, "labels", names is [var only]
                    ? $"every record has the label '{only}': there is nothing to tell apart" : "no record has a label");
        if (task.Problem is null && !several && LooksLikeValues(names))
            throw new ToolException(ExitCode.Usage,
                $"{source}: the labels are numbers such as {names[^1]}: --problem regression learns a value, "
                + "--problem single takes every number for a class of its own", source);
        return new LabelSet(names, several ? ProblemType.MultiLabel : ProblemType.SingleLabel);
    }

    private static bool LooksLikeValues(string[] names) => names.Length > MostValues
        && names.All(name => Number(name) is not null)
        && names.Any(name => Number(name) is { } value && value != Math.Floor(value));

    private static double? Number(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    // The same whatever the order of the records: numbers as such, then other names by their characters.
    private static string[] InOrder(IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal)
            .OrderBy(name => Number(name) is null).ThenBy(name => Number(name) ?? 0)
            .ThenBy(name => name, StringComparer.Ordinal),
    ];
}
