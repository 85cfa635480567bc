using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tasks;

/// <summary>What is asked for every record, and how the answer becomes the values of a row.</summary>
/// <remarks>Immutable; one instance serves all worker threads.</remarks>
public abstract class RecordTask
{
    /// <summary>What an answer takes besides its values.</summary>
    private protected const long BytesPerRow = 128;

    /// <summary>A number in JSON or in a table, with what separates it from the next.</summary>
    private protected const long BytesPerNumber = 20;

    private protected RecordTask(AnswerHead head) => Head = head;

    /// <summary>The model that computes it.</summary>
    public GauModel Model => Head.Model;

    /// <summary>Answers the records.</summary>
    internal AnswerHead Head { get; }

    /// <summary>What it does, with the options that its answers depend on; for the fingerprint of a job.</summary>
    internal virtual string Name => "score";

    /// <summary>The fields a record of this task has, with the usual names.</summary>
    public virtual RecordFields DefaultFields => new();

    /// <summary>The values that make an answer, in order.</summary>
    internal abstract IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Whether equal texts have equal answers, whatever records they stand in.</summary>
    internal virtual bool SharesAnswers => true;

    /// <summary>What else its results depend on, as names and values; for the fingerprint of a job.</summary>
    internal virtual IReadOnlyList<KeyValuePair<string, string>> DependsOn => [];

    /// <summary>What should be known when all records have been read, one line each.</summary>
    internal virtual IReadOnlyList<string> EndNotes => [];

    /// <summary>
    /// Whether records are to be looked at that an earlier attempt has written, or that are of other shares.
    /// </summary>
    internal virtual bool LooksAtAll => false;

    /// <summary>Candidates that could not be taken.</summary>
    internal virtual long RejectedCandidates => 0;

    /// <summary>They, in order, where they are kept.</summary>
    internal virtual IReadOnlyList<RejectedRecord> CandidateRejects => [];

    /// <summary>All values that a row has of an answer, but for what became of the text.</summary>
    internal IReadOnlyList<ResultColumn> AnswerColumns =>
        Head.Windows is null ? Columns : [.. Columns, new("windows", ResultType.Whole)];

    /// <summary>The most token sequences that an input of the model has, where it is not windows.</summary>
    internal virtual int MostSequences => 1;

    /// <summary>
    /// The most tokens of an input; of windows twice, of a text that is read and of one that is computed.
    /// </summary>
    /// <param name="maxLength">Most tokens of a sequence.</param>
    internal long MostTokens(int maxLength) =>
        Head.Windows is null ? (long)MostSequences * maxLength : 2 * WindowOptions.MostTokens;

    /// <summary>The answer of a model's own head.</summary>
    /// <exception cref="ScoringException">The model has no head but the masked LM.</exception>
    public static RecordTask Score(GauModel model) => Score(model, new LabelDecision(), null);

    /// <summary>The answer of a model's own head, with a decision for every record.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decision">What rows say besides; with nothing in it, any head will do.</param>
    /// <exception cref="ScoringException">
    /// The model has no head but the masked LM, or none that could decide so.
    /// </exception>
    public static RecordTask Score(GauModel model, LabelDecision decision) => Score(model, decision, null);

    /// <summary>The answer of a model's own head to texts that are read in windows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="windows">How; a run then has no length of texts of its own.</param>
    /// <exception cref="ScoringException">
    /// The model has no head but the masked LM, or the windows do not go with it.
    /// </exception>
    public static RecordTask Score(GauModel model, WindowOptions windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return Score(model, new LabelDecision(), windows);
    }

    /// <summary>
    /// The answer of a model's own head to texts that are read in windows, with a decision for every record.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="decision">What rows say besides; with nothing in it, any head will do.</param>
    /// <param name="windows">How; a run then has no length of texts of its own. Null: texts are read at once.</param>
    /// <exception cref="ScoringException">
    /// The model has no head but the masked LM, or none that could decide so, or the windows do not go with it.
    /// </exception>
    public static RecordTask Score(GauModel model, LabelDecision decision, WindowOptions? windows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(decision);
        decision.Require(model.Head);
        return Usage(() => AnswerHead.Of(model, windows)) switch
        {
            LabelHead labels => new SequenceTask(labels, decision),
            EntityHead entities => new EntityTask(entities),
            ChoiceHead choices => new ChoiceTask(choices),
            SpanHead spans => new AnswerTask(spans),
            _ => throw new ScoringException(
                ScoringFault.Usage, "the model has no head to score with; 'embed' and 'fill' work with every model"),
        };
    }

    /// <summary>
    /// One label for every text, from the masked LM and without a head: a template puts the text beside <c>[MASK]</c>,
    /// and words say what label a token stands for.
    /// </summary>
    /// <param name="model">A model with a masked LM.</param>
    /// <param name="template">As for <see cref="GauPromptClassifier"/>.</param>
    /// <param name="labels">The labels, in order, with their words.</param>
    /// <exception cref="ScoringException">Model, template and words do not go together.</exception>
    public static RecordTask Score(GauModel model, string template, IReadOnlyList<LabelWords> labels) =>
        Score(model, template, labels, new LabelDecision());

    /// <inheritdoc cref="Score(GauModel, string, IReadOnlyList{LabelWords})" path="/summary"/>
    /// <param name="model">A model with a masked LM.</param>
    /// <param name="template">As for <see cref="GauPromptClassifier"/>.</param>
    /// <param name="labels">The labels, in order, with their words.</param>
    /// <param name="decision">What rows say besides.</param>
    /// <exception cref="ScoringException">
    /// Model, template and words do not go together, or a text with one label cannot be decided so.
    /// </exception>
    public static RecordTask Score(
        GauModel model, string template, IReadOnlyList<LabelWords> labels, LabelDecision decision)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(decision);
        PromptHead head = Usage(() => new PromptHead(model, template, labels));
        decision.Require(head.Config);
        return new PromptTask(head, decision);
    }

    /// <summary>The logits of a model's own head, which can be calibrated; for runs without rows.</summary>
    internal static RecordTask Logits(GauModel model) => AnswerHead.LogitsOf(model) switch
    {
        ChoiceHead choices => new ChoiceTask(choices),
        AnswerHead labels => new SequenceTask((LabelHead)labels, new LabelDecision()),
    };

    /// <summary>Makes a part of a task; what makes no sense with the model is told as a fault of usage.</summary>
    private protected static T Usage<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException fault)
        {
            throw new ScoringException(ScoringFault.Usage, fault.Message, inner: fault);
        }
    }

    /// <summary>About how many bytes an answer takes, rather too many than too few.</summary>
    /// <param name="text">The text, or the first of a pair.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="tokens">Tokens of all sequences.</param>
    internal abstract long RowBytes(string? text, string? pair, int tokens);

    /// <summary>What the vectors of its rows are; null where rows have none.</summary>
    /// <param name="options">How the run works.</param>
    internal virtual VectorDescription? Describe(ScoringOptions options) => null;

    /// <summary>Why an answer cannot be stored as is wanted, or null.</summary>
    internal virtual string? Fault(Answer answer) => null;

    /// <summary>What it takes of the heap besides what records take.</summary>
    /// <param name="threads">Worker threads.</param>
    internal virtual long HeapBytes(int threads) => 0;

    /// <summary>What turns records into inputs of the model, for one thread.</summary>
    internal virtual RecordParts NewParts(int maxLength) => new(this, maxLength);

    /// <summary>Looks at a record, be it rejected or not; called for all, in order, by the thread that reads.</summary>
    internal virtual void LookAt(in TextRecord record)
    {
    }

    /// <summary>Turns a record into token sequences.</summary>
    /// <returns>Why that cannot be, or null.</returns>
    internal string? Encode(in TextRecord record, int maxLength, EncodedTexts into)
    {
        if (MostSequences > 1)
        {
            foreach (string choice in record.Choices!)
                Head.EncodeChoice(record.Text is not null, record.Text, choice, maxLength, into, record.ParsesSpecial);
        }
        else if (record.Pair is { } pair)
            Head.Encode(record.Text!, pair, maxLength, into);
        else
            Head.Encode(record.Text!, maxLength, into);
        return Head.Fault(into);
    }

    /// <summary>All values that a row has of an answer, or several rows have.</summary>
    /// <param name="answer">Without error.</param>
    /// <param name="record">Whose answer it is.</param>
    /// <param name="rows">Of a format.</param>
    /// <returns>What <see cref="ResultRows.End"/> or <see cref="ResultRows.EndSeveral"/> gives.</returns>
    internal virtual ReadOnlySpan<byte> Values(Answer answer, in TextRecord record, ResultRows rows)
    {
        rows.Begin();
        Write(answer, record, rows);
        if (Head.Windows is not null)
            rows.Count("windows", answer.Text.Windows);
        WriteInfo(answer.Text, record.Replaced, rows);
        return rows.End();
    }

    /// <summary>Writes what became of a text.</summary>
    private protected static void WriteInfo(TextInfo text, bool? isReplaced, ResultRows rows)
    {
        rows.Count("tokens", text.Tokens);
        rows.Flag("truncated", text.Truncated);
        rows.RareFlag("empty", text.IsEmpty);
        if (isReplaced is { } replaced)
            rows.RareFlag("replaced", replaced);
    }

    /// <summary>Writes the values of <see cref="Columns"/>.</summary>
    private protected abstract void Write(Answer answer, in TextRecord record, ResultRows rows);
}
