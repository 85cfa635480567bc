using System.Text.Json;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>What is trained: the kind of head, and what a label is to it.</summary>
/// <param name="Kind">The head.</param>
/// <param name="IsPair">Whether records are pairs of texts.</param>
/// <param name="Problem">What the outputs of a classifier mean; null: the labels tell.</param>
internal sealed record TrainingTask(HeadKind Kind, bool IsPair, ProblemType? Problem)
{
    /// <summary>What <see cref="Of"/> knows.</summary>
    public static string[] Names { get; } = ["sequence", "token", "choice", "qa", "pair"];

    /// <summary>The words for <see cref="Problem"/>.</summary>
    public static string[] Problems { get; } = ["single", "multi", "regression"];

    /// <summary>The task of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="problem">One of <see cref="Problems"/>, or null.</param>
    public static TrainingTask Of(string name, string? problem) => new(
        name switch
        {
            "token" => HeadKind.TokenClassification,
            "choice" => HeadKind.MultipleChoice,
            "qa" => HeadKind.QuestionAnswering,
            _ => HeadKind.SequenceClassification,
        },
        name == "pair",
        problem switch
        {
            "single" => ProblemType.SingleLabel,
            "multi" => ProblemType.MultiLabel,
            "regression" => ProblemType.Regression,
            _ => null,
        });

    /// <summary>The fields of its records, with the usual names, but the label's.</summary>
    public RecordFields Fields => Kind switch
    {
        HeadKind.QuestionAnswering => new RecordFields { Text = "question", Pair = "context" },
        HeadKind.MultipleChoice => new RecordFields { Choices = "choices" },
        _ => new RecordFields { Pair = IsPair ? "pair" : null },
    };

    /// <summary>Why a label is none, or null. The forms are those of <c>gau eval</c>.</summary>
    public string? Fault(TextRecord record, JsonElement label) => Kind switch
    {
        HeadKind.TokenClassification => EntityFault(label),
        HeadKind.QuestionAnswering => new AnswerEvaluation().Fault(label),
        HeadKind.MultipleChoice => new ChoiceEvaluation().Fault(record, label),
        _ => Problem switch
        {
            ProblemType.Regression => ValueEvaluation.Number(label) is null ? "the label is not a number" : null,
            ProblemType.MultiLabel when label.ValueKind != JsonValueKind.Array => "the labels are no array",
            ProblemType.SingleLabel when label.ValueKind == JsonValueKind.Array =>
                "the label is an array; --problem multi takes several",
            _ => NameFault(label),
        },
    };

    /// <summary>The names in a label of a text: itself, or those of an array.</summary>
    public static IEnumerable<string> NamesIn(JsonElement label) => label.ValueKind == JsonValueKind.Array
        ? label.EnumerateArray().Select(NameOf) : [NameOf(label)];

    /// <summary>The index that a label of a choice is.</summary>
    public static int ChoiceOf(JsonElement label) => ChoiceEvaluation.Index(label);

    private static string NameOf(JsonElement label) =>
        label.ValueKind == JsonValueKind.String ? label.GetString()! : label.GetRawText();

    private static string? NameFault(JsonElement label)
    {
        if (label.ValueKind == JsonValueKind.Array)
            return label.EnumerateArray().Select(NameFault).FirstOrDefault(fault => fault is not null);
        if (label.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
            return "a label is neither a text nor a number";
        return NameOf(label).Trim().Length == 0 ? "the label is empty" : null;
    }

    private static string? EntityFault(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Array)
            return "the label is no array of entities";
        foreach (JsonElement entity in label.EnumerateArray())
        {
            if (EntityEvaluation.Read(entity) is not { } read)
                return $"'{Printable.OneLine(entity.GetRawText())}' is no entity with label, start and end";
            if (read.Label.Trim().Length == 0 || read.Label is "O" or "o")
                return $"an entity has the label '{Printable.OneLine(read.Label)}'";
        }
        return null;
    }
}
