using System.Text.Json;
using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>Labelled records to learn from and to judge by, and the outputs that their labels ask for.</summary>
/// <param name="Labels">The outputs.</param>
/// <param name="Train">At least one.</param>
/// <param name="Dev">At least one.</param>
internal sealed record Dataset(LabelSet Labels, IReadOnlyList<TextRecord> Train, IReadOnlyList<TextRecord> Dev)
{
    /// <summary>Reads it.</summary>
    /// <param name="source">What to read, and how.</param>
    /// <param name="task">What is trained.</param>
    /// <param name="note">Takes what is worth knowing.</param>
    /// <exception cref="GauFormatException">
    /// There are no records, labels are malformed or nothing to tell apart, or one of them is only in the file that
    /// judges.
    /// </exception>
    public static Dataset Read(DatasetSource source, TrainingTask task, Action<string> note)
    {
        string name = source.Data[0].Name;
        LabelSet? known = source.Clue is null ? null : ClueLabelsOf(source.Clue);
        LabelledRecords data = Read(source.Data, source, task, known, note);
        LabelSet labels = known ?? LabelSet.Of(task, data.Records, name);
        if (source.Dev.Count == 0)
        {
            DevSplit split = DevSplit.Of(data.Records, source.DevShare, source.Seed, name);
            WarnOfUnlearned(task, split.Train, split.Dev, "; another --seed, or --dev, splits otherwise", note);
            return new Dataset(labels, split.Train, split.Dev);
        }
        LabelledRecords dev = Read(source.Dev, source, task, known, note);
        RequireLearned(task, labels, dev.Records, areNames: known is null);
        if (known is not null)
            WarnOfUnlearned(task, data.Records, dev.Records, "", note);
        return new Dataset(labels, data.Records, dev.Records);
    }

    /// <summary>The names in the label of a record; none where labels are no names.</summary>
    private static string[] NamesOf(TrainingTask task, TextRecord record) => task switch
    {
        { Kind: HeadKind.TokenClassification } => LabelledRecords.Label(record, LabelSet.KindsIn),
        { Kind: HeadKind.SequenceClassification, Problem: not ProblemType.Regression } =>
            LabelledRecords.Label(record, label => TrainingTask.NamesIn(label).ToArray()),
        _ => [],
    };

    private static LabelSet ClueLabelsOf(ClueTask clue) => new(
        clue.Head == HeadKind.QuestionAnswering ? ["start", "end"] : clue.Labels, ProblemType.SingleLabel);

    private static LabelledRecords Read(
        IReadOnlyList<InputFile> inputs, DatasetSource source, TrainingTask task, LabelSet? known, Action<string> note)
    {
        RecordFields fields = source.Fields with { ExpectsLabels = source.Clue is null };
        if (source.Clue is { } clue)
        {
            HeadConfig head = known!.Head(task, SegmentPolicy.Zeros, maxTokens: null);
            inputs = [.. inputs.Select(input => clue.Input(input, head, source.Answers))];
        }
        LabelledRecords read = LabelledRecords.Read(inputs, fields, task.Fault);
        foreach ((string reason, long records) in read.Rejected.Reasons)
            note($"{inputs[0].Name}: {records} records are left out: {reason}");
        if (read.Rejected.Others > 0)
            note($"{inputs[0].Name}: {read.Rejected.Others} records are left out for other reasons");
        return read;
    }

    // A label that only the file for judging has is a mistake in one of the two. Where labels are what the records to
    // learn from name, one that is not among them is none, though gau eval may take a number for the place of one.
    private static void RequireLearned(
        TrainingTask task, LabelSet labels, IReadOnlyList<TextRecord> dev, bool areNames)
    {
        HeadEvaluation evaluation = HeadEvaluation.Of(labels.Head(task, SegmentPolicy.Zeros, maxTokens: null));
        HashSet<string> known = new(labels.Labels.Select(KindOf), StringComparer.Ordinal);
        foreach (TextRecord record in dev)
        {
            string? fault = LabelledRecords.Label(record, evaluation.Fault);
            string? other = fault is null && !areNames
                ? null : NamesOf(task, record).FirstOrDefault(name => !known.Contains(name));
            if ((fault ?? other) is not null)
                throw new GauFormatException(
                    record.Place.Source, $"{record.Place.Unit} {record.Place.Line}",
                    other is null ? fault! : $"the label '{other}' is in no record that is trained on");
        }

        string KindOf(string label) =>
            task.Kind == HeadKind.TokenClassification && label.Length > 2 ? label[2..] : label;
    }

    private static void WarnOfUnlearned(
        TrainingTask task, IReadOnlyList<TextRecord> train, IReadOnlyList<TextRecord> dev, string remedy,
        Action<string> note)
    {
        HashSet<string> learned = [.. train.SelectMany(record => NamesOf(task, record))];
        foreach (IGrouping<string, string> label in dev.SelectMany(record => NamesOf(task, record))
            .Where(name => !learned.Contains(name)).GroupBy(name => name))
            note($"the label '{label.Key}' is only in records that judge, {label.Count()} of them: the model "
                + $"cannot learn it{remedy}");
    }
}
