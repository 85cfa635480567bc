using System.Runtime.InteropServices;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>The token sequences of one record, in buffers that are reused.</summary>
internal sealed class EncodedRecord
{
    private readonly List<EncodedText> texts = [];

    /// <summary>Number of sequences.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of all sequences.</summary>
    public int Tokens
    {
        get
        {
            int tokens = 0;
            foreach (EncodedText text in Current)
                tokens += text.Ids.Length;
            return tokens;
        }
    }

    /// <summary>Whether a sequence was cut.</summary>
    public bool Truncated
    {
        get
        {
            bool truncated = false;
            foreach (EncodedText text in Current)
                truncated |= text.Truncated;
            return truncated;
        }
    }

    /// <summary>Whether no sequence holds anything of its text, only [CLS] and [SEP].</summary>
    public bool Empty
    {
        get
        {
            bool empty = true;
            foreach (EncodedText text in Current)
                empty &= text.IsEmpty;
            return empty;
        }
    }

    private ReadOnlySpan<EncodedText> Current => CollectionsMarshal.AsSpan(texts)[..Count];

    public EncodedText this[int text] => texts[text];

    /// <summary>What a batch keeps of it: ids, segments and positions, and once more what a task asked for.</summary>
    public long Bytes(bool keepsTokens) => Tokens * (keepsTokens ? 28L : 12L);

    public void Clear() => Count = 0;

    /// <summary>A buffer for the next sequence.</summary>
    public EncodedText Next()
    {
        if (Count == texts.Count)
            texts.Add(new EncodedText());
        return texts[Count++];
    }
}
