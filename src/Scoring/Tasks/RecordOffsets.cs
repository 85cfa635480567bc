using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>Turns the UTF-16 offsets of an answer into the code points of results, in both texts of a record.</summary>
internal ref struct RecordOffsets(in TextRecord record)
{
    private CodePointOffsets text = new(record.Text);
    private CodePointOffsets pair = new(record.Pair);

    /// <inheritdoc cref="CodePointOffsets.At"/>
    public int At(int offset, bool inPair) => inPair ? pair.At(offset) : text.At(offset);
}
