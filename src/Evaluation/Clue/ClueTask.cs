using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Clue;

/// <summary>A task of the CLUE benchmark: its files, the head it needs, its labels and its predictions.</summary>
internal sealed class ClueTask
{
    private static readonly string[] Inference = ["contradiction", "entailment", "neutral"];

    /// <summary>The names of the codes of tnews.</summary>
    private static readonly string[] News =
    [
        "news_story", "news_culture", "news_entertainment", "news_sports", "news_finance", "news_house", "news_car",
        "news_edu", "news_tech", "news_military", "news_travel", "news_world", "news_stock", "news_agriculture",
        "news_game",
    ];

    private static readonly ClueTask[] All =
    [
        new("iflytek", HeadKind.SequenceClassification, ClueTexts.Sentence) { Labels = Numbers(119) },
        new("tnews", HeadKind.SequenceClassification, ClueTexts.Sentence)
        {
            Labels =
                [.. Enumerable.Range(100, 17).Where(i => i is not (105 or 111)).Select(i => i.ToString(Invariant))],
            LabelNames = News,
        },
        new("afqmc", HeadKind.SequenceClassification, ClueTexts.Sentences) { Labels = Numbers(2) },
        new("cmnli", HeadKind.SequenceClassification, ClueTexts.Sentences) { Labels = Inference },
        new("ocnli", HeadKind.SequenceClassification, ClueTexts.Sentences) { Labels = Inference },
        new("wsc", HeadKind.SequenceClassification, ClueTexts.Pronoun) { Labels = ["true", "false"] },
        new("csl", HeadKind.SequenceClassification, ClueTexts.Keywords) { Labels = Numbers(2) },
        new("cmrc2018", HeadKind.QuestionAnswering, ClueTexts.Questions) { Elements = "data", HasIds = true },
        new("c3", HeadKind.MultipleChoice, ClueTexts.Dialogue) { Elements = "", HasIds = true },
        new("chid", HeadKind.MultipleChoice, ClueTexts.Idioms) { HasAnswers = true, HasIds = true },
        new("cluener", HeadKind.TokenClassification, ClueTexts.Entities),
    ];

    private ClueTask(string name, HeadKind head, ClueReading read) => (Name, Head, Read) = (name, head, read);

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(task => task.Name)];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The head a model needs for it.</summary>
    public HeadKind Head { get; }

    /// <summary>Whether the labels stand in a file of their own.</summary>
    public bool HasAnswers { get; private init; }

    /// <summary>What a classifier answers, as the files write it, in the order of the baseline's indices.</summary>
    internal IReadOnlyList<string> Labels { get; private init; } = [];

    /// <summary>What the codes of <see cref="Labels"/> are called, in their order; none where they are names.</summary>
    internal IReadOnlyList<string> LabelNames { get; private init; } = [];

    /// <summary>Whether predictions have the ids of the file; else the number of the record from 0.</summary>
    internal bool HasIds { get; private init; }

    /// <summary>Null: a record per line; else the array in the root object, or the root itself (empty).</summary>
    internal string? Elements { get; private init; }

    internal ClueReading Read { get; }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>The task of that name, or null.</summary>
    public static ClueTask? Find(string name) => Array.Find(All, task => task.Name == name);

    /// <summary>An input whose content is laid out as the task's files are.</summary>
    /// <param name="input">The file.</param>
    /// <param name="model">The head that will answer.</param>
    /// <param name="answers">The labels, where they stand in a file of their own and that is there.</param>
    public InputFile Input(InputFile input, HeadConfig model, IReadOnlyDictionary<string, int>? answers)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(model);
        ClueLabels labels = new(this, model);
        return input with
        {
            Format = RecordFormat.JsonLines,
            Reader = (source, bytes, longest, firstNumber) => new ClueReader(
                source, bytes, longest, firstNumber, this, new ClueContext(Name, labels, answers)),
        };
    }

    /// <summary>Whether a model can do it.</summary>
    /// <exception cref="ScoringException">It cannot; the message says why.</exception>
    internal void Require(HeadConfig model)
    {
        if (model.Kind != Head)
            throw new ScoringException(
                ScoringFault.Usage, $"{Name} needs a model with a head for {Words(Head)}; "
                    + $"this one's is for {Words(model.Kind)}");
        if (Head == HeadKind.SequenceClassification && model.ProblemType != ProblemType.SingleLabel)
            throw new ScoringException(ScoringFault.Usage, $"{Name} needs a model that gives one label");
        _ = new ClueLabels(this, model);
    }

    internal PredictionWriter Writer(Stream output, HeadConfig model) => Name switch
    {
        "cmrc2018" => new PredictionWriter(output, isObject: true, CluePredictions.Span),
        "chid" => new PredictionWriter(output, isObject: true, CluePredictions.Choice),
        "c3" => new PredictionWriter(output, isObject: false, CluePredictions.Choice),
        "cluener" => new PredictionWriter(output, isObject: false, CluePredictions.Entities),
        _ => new PredictionWriter(
            output, isObject: false, CluePredictions.Label(model.Labels, new ClueLabels(this, model))),
    };

    private static string Words(HeadKind kind) => kind switch
    {
        HeadKind.SequenceClassification => "sequence classification",
        HeadKind.TokenClassification => "token classification",
        HeadKind.MultipleChoice => "multiple choice",
        HeadKind.QuestionAnswering => "question answering",
        _ => "the masked LM alone",
    };

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(Invariant))];
}
