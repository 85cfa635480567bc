using GauRuntime.Answers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Tasks;

/// <summary>Turns records into inputs of the model: as a rule one each, in some tasks many.</summary>
/// <remarks>Used again for one record after another, by one thread.</remarks>
/// <param name="task">What will be computed.</param>
/// <param name="maxLength">Most tokens of a sequence.</param>
internal class RecordParts(RecordTask task, int maxLength)
{
    /// <summary>The sequences of the current part; none where there is nothing to compute.</summary>
    public EncodedTexts Encoded { get; } = new();

    /// <summary>What becomes of the record, all its parts together.</summary>
    public virtual TextInfo Info => Encoded.Info;

    /// <summary>How many parts the record has.</summary>
    public virtual int Count => Encoded.Count > 0 ? 1 : 0;

    /// <summary>Which of them is the current one, from 0.</summary>
    public virtual int Current => 0;

    /// <summary>Gathers what the parts give; null where the only part gives the answer.</summary>
    public virtual GatheredAnswer? Gathered => null;

    /// <summary>Forgets the record.</summary>
    public virtual void Clear() => Encoded.Clear();

    /// <summary>Goes to the first part of a record.</summary>
    /// <returns>Why the record has no answer, or null.</returns>
    public virtual string? Begin(in TextRecord record)
    {
        Encoded.Clear();
        return task.Encode(record, maxLength, Encoded);
    }

    /// <summary>Goes to the next part of the record.</summary>
    /// <returns>False where there is none.</returns>
    public virtual bool Next() => false;

    /// <summary>About how many bytes the record's answer takes, rather too many than too few.</summary>
    public virtual long RowBytes(in TextRecord record) => task.RowBytes(record.Text, record.Pair, Info.Tokens);
}
