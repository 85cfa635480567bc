using GauRuntime.Scoring.Records.Indexed;

namespace GauRuntime.Scoring.Records;

/// <content>
/// What lies before a share, or before where a run goes on, passed over by an index: everything then is as if it had
/// been read, the number of the next record, its line and the digest.
/// </content>
public sealed partial class RecordSource
{
    /// <summary>
    /// Tells where records end, so that what lies before a share, or before where a run goes on, need not be read;
    /// null: nobody knows. Changes no record and no digest.
    /// </summary>
    /// <exception cref="ScoringException">It does not list an input, or one was changed since.</exception>
    public InputIndex? Index
    {
        get;
        init
        {
            field = value;
            foreach (InputFile input in value is null ? [] : Inputs)
                value!.Of(input);
        }
    }

    /// <summary>Steps over records as far as an index tells where they end, without reading them.</summary>
    /// <param name="count">At most so many.</param>
    /// <returns>How many there were.</returns>
    /// <inheritdoc cref="Next" path="/exception"/>
    internal long Jump(long count)
    {
        if (Index is null || count <= 0 || Find() is null)
            return 0;
        long first = records, target = records + count;
        while (Current is { } at && FirstRecord + Known(at).Records < target
            && finishedBytes + Known(at).LastPosition < to)
            Pass(at);
        if (Current is { } here)
        {
            long most = target - FirstRecord, end = to - finishedBytes;
            IReadOnlyList<IndexPlace> places = Known(here).Places;
            int block = places.Count;
            while (block > 0 && (places[block - 1].Records > most || places[block - 1].Offset >= end))
                block--;
            GoTo(block);
        }
        return records - first;
    }

    // The input being read, or the next; null where there is none.
    private int? Current => reader is not null ? next - 1 : next < Inputs.Count ? next : null;

    // The number of the first record of that.
    private long FirstRecord => reader is null ? records : inputRecords;

    // What an index knows of an input, if there is one.
    private IndexedInput Known(int input)
    {
        if (Index!.BlockLength != BlockLength)
            throw new ScoringException(ScoringFault.Mismatch, "the index was made with blocks of another length");
        return Index.Of(Inputs[input], Beginnings[input], Fields, LongestLine);
    }

    // Passes over an input, read in part or not at all, as if it had been read to its end.
    private void Pass(int input)
    {
        IndexedInput known = Known(input);
        records = FirstRecord + known.Records;
        if (reader is null)
        {
            ReadDigest.Begin(known.Name, known.Blocks);
            next++;
        }
        else
            CloseReader();
        ReadDigest.GoToEnd();
        finishedBytes += Inputs[input].Length ?? 0;
    }

    // Goes to the place of a block, if that is further on; 0: there is none.
    private void GoTo(int block)
    {
        if (block == 0)
            return;
        reader ??= Open(next++);
        IndexPlace place = Known(next - 1).Places[block - 1];
        if (place.Offset > reader.Position && reader is LineRecordReader { CanGoTo: true } lines)
        {
            ReadDigest.GoTo(block);
            lines.GoTo(place, block * BlockLength, inputRecords + place.Records);
        }
        Count(reader);
    }

    // Goes to where the records before an offset end, or before that, as far as the index tells.
    private void Seek(long offset)
    {
        while (Current is { } at && finishedBytes + Known(at).LastPosition < offset)
            Pass(at);
        // The place of the block in which the offset lies may lie behind it: then no record ends between. Where the
        // last record of an input ends before the offset, and the input behind it, the next begins behind it too.
        if (Current is { } here)
            GoTo((int)Math.Clamp((offset - finishedBytes) / BlockLength, 0, Known(here).Places.Count));
    }

    // Takes in a table: all of it, or where its blocks are known, those that the share lies in, and the last.
    private void TakeTable(Stream table, IReadOnlyList<UInt128>? blocks)
    {
        if (blocks is not null)
        {
            long whole = blocks.Count - 1;
            long first = Math.Clamp((from - finishedBytes) / BlockLength, 0, whole);
            long last = Math.Clamp((Math.Min(to, long.MaxValue / 2) - finishedBytes) / BlockLength + 1, first, whole);
            ReadDigest.GoTo((int)first);
            table.Position = first * BlockLength;
            ReadDigest.Append(table, (last - first) * BlockLength, Cancel);
            ReadDigest.GoTo((int)whole);
            table.Position = whole * BlockLength;
        }
        ReadDigest.Append(table, long.MaxValue, Cancel);
    }
}
