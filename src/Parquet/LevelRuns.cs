using System.Buffers;
using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>Levels on their way into a page, as runs of equal ones; at most 127 is the greatest.</summary>
internal sealed class LevelRuns
{
    private readonly ArrayBufferWriter<byte> runs = new();
    private int level;
    private int count;

    public void Add(int level)
    {
        if (level != this.level)
            EndRun();
        this.level = level;
        count++;
    }

    /// <summary>Writes all levels behind their length, and forgets them.</summary>
    public void Flush(ArrayBufferWriter<byte> page)
    {
        EndRun();
        BinaryPrimitives.WriteInt32LittleEndian(page.GetSpan(4), runs.WrittenCount);
        page.Advance(4);
        page.Write(runs.WrittenSpan);
        runs.ResetWrittenCount();
    }

    private void EndRun()
    {
        if (count == 0)
            return;
        uint head = (uint)count << 1;
        for (; head > 127; head >>= 7)
            runs.Write([(byte)(head | 128)]);
        runs.Write([(byte)head, (byte)level]);
        count = 0;
    }
}
