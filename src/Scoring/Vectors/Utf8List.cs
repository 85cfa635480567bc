namespace GauRuntime.Scoring.Vectors;

/// <summary>Many short texts, held as bytes in few blocks: a text costs its bytes and twelve more.</summary>
internal sealed class Utf8List
{
    private const int BlockBytes = 1 << 18;

    private readonly List<byte[]> blocks = [];
    private readonly List<(int Block, int Start, int Length)> texts = [];
    private int taken = int.MaxValue;   // of the last block; there is none yet

    /// <summary>How many there are.</summary>
    public int Count => texts.Count;

    /// <summary>What they take.</summary>
    public long Bytes => blocks.Sum(block => (long)block.Length) + 3L * sizeof(int) * texts.Capacity;

    /// <summary>A text.</summary>
    public ReadOnlySpan<byte> this[int index] =>
        blocks[texts[index].Block].AsSpan(texts[index].Start, texts[index].Length);

    /// <summary>Adds a text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (blocks.Count == 0 || text.Length > blocks[^1].Length - taken)
        {
            blocks.Add(new byte[Math.Max(BlockBytes, text.Length)]);
            taken = 0;
        }
        text.CopyTo(blocks[^1].AsSpan(taken));
        texts.Add((blocks.Count - 1, taken, text.Length));
        taken += text.Length;
    }
}
