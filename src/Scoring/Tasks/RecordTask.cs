using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>What is computed for every record: a head's answer, a vector, or the words for its masks.</summary>
/// <remarks>Immutable; one instance serves all worker threads.</remarks>
public abstract class RecordTask
{
    /// <summary>Why a record whose answer holds NaN or infinity is rejected.</summary>
    private protected const string NotFinite = GauTextException.NotFinite;

    /// <summary>What an answer takes besides its values.</summary>
    private protected const long BytesPerRow = 128;

    /// <summary>A number in JSON or in a table, with what separates it from the next.</summary>
    private protected const long BytesPerNumber = 20;

    private protected RecordTask(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model that computes it.</summary>
    public GauModel Model { get; }

    /// <summary>What it does, with the options that its answers depend on; for the fingerprint of a job.</summary>
    internal virtual string Name => "score";

    /// <summary>The fields a record of this task has, with the usual names.</summary>
    public virtual RecordFields DefaultFields => new();

    /// <summary>The values that make an answer, in order.</summary>
    internal abstract IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Whether <see cref="Answer"/> needs the text, its ids and their places.</summary>
    internal virtual bool KeepsTokens => false;

    /// <summary>The most token sequences that a record becomes.</summary>
    internal virtual int MostSequences => 1;

    /// <summary>Whether special tokens written in a text are those tokens.</summary>
    private protected virtual bool ParsesSpecial => false;

    /// <summary>The answer of a model's own head.</summary>
    /// <exception cref="ScoringException">The model has no head but the masked LM.</exception>
    public static RecordTask Score(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Head.Kind switch
        {
            HeadKind.SequenceClassification => new SequenceTask(model),
            HeadKind.TokenClassification => new EntityTask(model),
            HeadKind.MultipleChoice => new ChoiceTask(model),
            HeadKind.QuestionAnswering => new AnswerTask(model),
            _ => throw new ScoringException(
                ScoringFault.Usage, "the model has no head to score with; 'embed' and 'fill' work with every model"),
        };
    }

    /// <summary>About how many bytes an answer takes, rather too many than too few.</summary>
    /// <param name="text">The text, or the first of a pair.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="tokens">Tokens of all sequences.</param>
    internal abstract long RowBytes(string? text, string? pair, int tokens);

    /// <summary>Turns a record into token sequences.</summary>
    /// <returns>Why that cannot be, or null.</returns>
    internal virtual string? Encode(in TextRecord record, int maxLength, EncodedRecord into)
    {
        Encode(record.Text!, record.Pair, maxLength, into);
        return null;
    }

    /// <summary>
    /// Computes a record's answer, calls <see cref="ResultRows.Begin"/> and writes the values of <see cref="Columns"/>.
    /// </summary>
    /// <returns>Why there is no answer, then without having called Begin; or null.</returns>
    internal abstract string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows);

    private protected void Encode(
        string text, string? pair, int maxLength, EncodedRecord into, bool parsesSpecial = false)
    {
        EncodedText sequence = into.Next();
        parsesSpecial |= ParsesSpecial;
        if (pair is null)
            Model.Tokenizer.Encode(text, sequence, maxLength, parsesSpecial);
        else
            Model.Tokenizer.EncodePair(text, pair, sequence, Model.Head.Segments, maxLength, parsesSpecial);
    }
}
