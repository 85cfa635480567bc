using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>A query with each of its candidates: a pair is a part.</summary>
/// <remarks>The query is tokenized once, the candidates are already; a pair is joined when its turn comes.</remarks>
internal sealed class PairParts(RerankTask task, int maxLength) : RecordParts(task, maxLength)
{
    private readonly RerankTask task = task;
    private readonly int maxLength = maxLength, room = GauTokenizer.RoomOfPair(maxLength);
    private readonly EncodedText query = new(keepsSpans: false);
    private GatheredAnswer? gathered;
    private int current;

    public override TextInfo Info => gathered?.Text ?? default;

    public override int Count => gathered?.Logits.Count ?? 0;

    public override int Current => current;

    public override GatheredAnswer? Gathered => gathered;

    public override void Clear()
    {
        base.Clear();
        gathered = null;
        current = 0;
    }

    public override string? Begin(in TextRecord record)
    {
        Clear();
        task.Model.Tokenizer.EncodeAlone(record.Text, query, room);
        gathered = new GatheredAnswer(task.Candidates, task.Candidates.Of(record.Id), query.TotalTokens, maxLength);
        if (Count > 0)
            Encode();
        return null;
    }

    public override bool Next()
    {
        if (current + 1 >= Count)
            return false;
        current++;
        Encode();
        return true;
    }

    public override long RowBytes(in TextRecord record) => task.RowBytes(gathered!.Group);

    private void Encode()
    {
        Encoded.Clear();
        task.Scores.Encode(
            new TextTokens(query.Ids, query.TotalTokens), task.Candidates.Tokens(gathered!.Group.Members[current]),
            maxLength, Encoded);
    }
}
