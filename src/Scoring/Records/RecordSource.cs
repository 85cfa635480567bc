using GauRuntime.Parquet;
using GauRuntime.Scoring.Records.Compressed;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// The records of several inputs, one after the other, numbered through; all of them or those of a shard.
/// </summary>
/// <remarks>
/// Memory: one buffer and at most one line, of Parquet one page of each column, of Arrow the columns of one record
/// batch, whatever the size of the inputs. Not thread-safe.
/// </remarks>
public sealed partial class RecordSource : IDisposable
{
    /// <summary>The longest line allowed where nothing else is said: 4 MiB.</summary>
    public const int DefaultLongestLine = 4 << 20;

    private readonly List<string> endNotes = [];   // of inputs that are closed
    private readonly bool isShare;
    private readonly long from;
    private readonly long to = long.MaxValue;
    private InputDigest? bytesDigest;
    private Stream? stream;   // what the reader reads
    private InputBeginnings? beginnings;
    private RecordReader? reader;
    private int next;
    private long records;   // all before the next, those of other shares too
    private long inputRecords;   // all before the input being read
    private long finishedBytes;
    private long bytesRead;
    private UInt128? startDigest;

    /// <summary>Nothing is opened before the first record is asked for.</summary>
    /// <param name="inputs">The inputs in order.</param>
    /// <param name="fields">Which fields mean what.</param>
    /// <param name="longestLine">Longer lines (CSV records, texts of a row) are rejected, in bytes.</param>
    /// <param name="shard">
    /// The share to read, or null for everything. A record belongs to the share in whose range of bytes it begins; all
    /// those of an input that is compressed, a JSON array or JSON over several lines begin at its first byte, and those
    /// of a row group where it does. What lies before is stepped over, because records are numbered from the first: it
    /// is read, unless there is an <see cref="Index"/>.
    /// </param>
    /// <exception cref="ScoringException">A format has no such fields, or not under these names.</exception>
    public RecordSource(
        IReadOnlyList<InputFile> inputs, RecordFields fields, int longestLine = DefaultLongestLine,
        Shard? shard = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longestLine);
        Inputs = inputs;
        Fields = fields;
        LongestLine = longestLine;
        foreach (InputFile input in inputs)
        {
            if (input.Format == RecordFormat.Npy)
                throw new ScoringException(ScoringFault.Usage, "no records are read from npy", input.Name);
            if (input.Format == RecordFormat.Text && (fields.Pair is not null || fields.Choices is not null))
                throw new ScoringException(
                    ScoringFault.Usage,
                    "lines of text hold one text each: pairs and choices need JSON Lines, CSV, TSV, Parquet "
                    + "or Arrow",
                    input.Name);
        }
        if (!fields.HasHeader)
            RequireNumbers(inputs, fields);
        isShare = shard is not null;
        IsFirstShare = shard is not { Index: > 0 };
        if (shard is { } share)
            (from, to) = share.Range(inputs.Sum(i => i.Length ?? 0));
    }

    /// <summary>
    /// What should be known of how the inputs are read, one line each. Looks at the first MiB of the inputs; waits for
    /// it, or for less where that is enough, if they are pipes.
    /// </summary>
    /// <exception cref="GauFormatException">
    /// Files have not the columns that are asked for, or hold no records.
    /// </exception>
    /// <exception cref="IOException">An input cannot be read.</exception>
    /// <exception cref="ScoringException">An input cannot be shared out.</exception>
    internal IReadOnlyList<string> Notes =>
    [
        .. Inputs.SelectMany((input, i) =>
            ((string?[])[Beginnings[i].EncodingNote, Beginnings[i].Note]).OfType<string>()
                .Select(note => Note(input.Name, note))),
    ];

    /// <summary>
    /// What should be known of the records read so far and could not be told by the beginnings, one line each.
    /// </summary>
    internal IReadOnlyList<string> EndNotes => [.. endNotes, .. ReaderNote()];

    /// <summary>What the beginnings of the inputs tell.</summary>
    internal InputBeginnings Beginnings => beginnings ??= new InputBeginnings(Inputs, Fields, LongestLine, OpenStream);

    /// <summary>Inputs of unknown size of whose beginning memory holds a copy, at most.</summary>
    internal int PipesHeld => Inputs.Count(
        i => i.Length is null && InputBeginnings.Tells(i, Fields, !Fields.ExpectsIds));

    /// <summary>Is told the records before the share, in order; null: they are stepped over unread.</summary>
    internal Action<TextRecord>? BeforeShare { get; set; }

    /// <summary>Ends stepping over what lies before the share.</summary>
    internal CancellationToken Cancel { get; set; }

    /// <summary>Whether this is the first share, or everything.</summary>
    internal bool IsFirstShare { get; }

    /// <summary>Whether this is the last share, or everything.</summary>
    internal bool IsLastShare => to == long.MaxValue;

    /// <summary>Says why a record that could be read is rejected all the same, or null.</summary>
    internal Func<TextRecord, string?>? Check { get; init; }

    /// <summary>What all ids mean, if that is more than texts or numbers.</summary>
    internal Annotation IdAnnotation =>
        Inputs.Select((_, i) => Beginnings[i].IdAnnotation).Distinct().ToArray() is [var only] ? only : default;

    /// <summary>What the largest record batch of all Arrow files takes of memory, in bytes.</summary>
    internal long BatchBytes => Inputs.Any(input => input.Format == RecordFormat.Arrow)
        ? Inputs.Select((_, i) => Beginnings[i].HeldBytes).Max()
        : 0;

    /// <summary>Whether an input may pause before its end.</summary>
    internal bool HasPipes => Inputs.Any(input => input.Length is null);

    /// <summary>Size of all inputs in bytes, or null where one of them cannot be known.</summary>
    public long? BytesTotal => Inputs.Any(i => i.Length is null) ? null : Inputs.Sum(i => i.Length!.Value);

    /// <summary>The bytes of this source's share.</summary>
    internal long? BytesOwn => BytesTotal is { } total ? Math.Min(to, total) - from : null;

    /// <summary>Bytes of the share read so far; safe to ask from any thread.</summary>
    public long BytesRead => Math.Max(0, Volatile.Read(ref bytesRead) - from);

    /// <summary>
    /// The <see cref="InputDigest"/> of all bytes, decompressed but not decoded, up to the end of the last record,
    /// those before the share included; of Parquet and Arrow, of the whole file. Behind an input that was read to its
    /// end stands the number of its bytes, so that the same bytes in other files have another digest.
    /// </summary>
    internal UInt128 Digest => ReadDigest.Current;

    /// <summary>Bytes of a block of the digest, and of what an index knows.</summary>
    internal long BlockLength { get; init; } = InputDigest.UsualBlock;

    private InputDigest ReadDigest => bytesDigest ??= new InputDigest(BlockLength);

    /// <summary>
    /// The <see cref="Digest"/> where the share begins, once something was asked for. After the last record,
    /// <see cref="Digest"/> is what this is for the next share: both have seen the same bytes up to there.
    /// </summary>
    internal UInt128 StartDigest => startDigest ?? throw new InvalidOperationException("nothing has been read yet");

    /// <summary>Which of the inputs read so far has probably changed, as the end of a sentence.</summary>
    internal string LastChanged
    {
        get
        {
            InputFile[] read = [.. Inputs.Take(next)];
            if (read is [var single])
                return $"; that is {Printable.OneLine(single.Name)}";
            InputFile? last = read.Where(input => input.Path is not null)
                .MaxBy(input => File.GetLastWriteTimeUtc(input.Path!));
            return last is null ? "" : $"; of the inputs up to there, {Printable.OneLine(last.Name)} was changed last";
        }
    }

    internal IReadOnlyList<InputFile> Inputs { get; }

    internal RecordFields Fields { get; }

    internal int LongestLine { get; }

    /// <summary>What decompressing takes at most; looks at the first bytes of the inputs that are files.</summary>
    /// <exception cref="IOException">An input cannot be read.</exception>
    internal long WindowBytes() => ZstandardInput.WindowBytes(Inputs.Any(IsZstandardFile));

    /// <summary>
    /// The next record, or null after the last. Before the first, headers and schemas of all files are checked.
    /// </summary>
    /// <exception cref="GauFormatException">
    /// An input cannot be split into records, or has not the columns that are asked for.
    /// </exception>
    /// <exception cref="ScoringException">An input cannot be shared out.</exception>
    /// <exception cref="IOException">An input cannot be read, or was changed since it was found.</exception>
    internal TextRecord? Next()
    {
        try
        {
            return Read();
        }
        catch (Exception e) when (e is GauFormatException or EndOfStreamException)
        {
            RequireUnchanged();   // else that is what is wrong
            throw;
        }
    }

    private TextRecord? Read()
    {
        while (Find() is { } current)
        {
            TextRecord? read = current.Read();
            Count(current);
            if (read is not { } record)
                Close();
            else if (record.Error is null && Check?.Invoke(record) is { } error)
                return Named(record.Rejected(error));
            else
                return Named(record);
        }
        return null;
    }

    /// <summary>Steps over records without looking into them.</summary>
    /// <returns>How many there were: fewer than asked for only at the end.</returns>
    /// <inheritdoc cref="Next" path="/exception"/>
    internal long Skip(long count)
    {
        try
        {
            return StepOver(count);
        }
        catch (Exception e) when (e is GauFormatException or EndOfStreamException)
        {
            RequireUnchanged();
            throw;
        }
    }

    private long StepOver(long count)
    {
        long skipped = 0;
        while (skipped < count && Find() is { } current)
        {
            long alike = current.SkipAlike(count - skipped);
            skipped += alike;
            if (alike == 0)
                Close();
            Count(current);
        }
        return skipped;
    }

    /// <summary>Closes the inputs that are open.</summary>
    public void Dispose()
    {
        CloseReader();
        beginnings?.Dispose();
    }

    private static void RequireNumbers(IReadOnlyList<InputFile> inputs, RecordFields fields)
    {
        if (inputs.FirstOrDefault(
            i => i.Format == RecordFormat.JsonLines || RecordFormats.IsTable(i.Format)) is { } named)
            throw new ScoringException(
                ScoringFault.Usage, "its fields have names: only columns of CSV and TSV have numbers instead",
                named.Name);
        string?[] names =
        [
            fields.Choices is null ? fields.Text : null, fields.Pair, fields.ExpectsIds ? fields.Id : null,
            fields.Choices, fields.Label,
        ];
        if (names.FirstOrDefault(name => name is not null && !RecordFields.IsColumnNumber(name)) is { } name)
            throw new ScoringException(
                ScoringFault.Usage,
                "without a header columns are called by their numbers from 1, as in --text 2: "
                + $"'{Printable.OneLine(name)}' is none");
    }

    // So that no record has the name of another: a number is a name only where there are no ids.
    private TextRecord Named(in TextRecord record)
    {
        RecordId missing = RecordId.Missing(record.Number);
        if (Inputs[next - 1].Reader is not null)
            return record.Error is null || record.Id.IsOwn ? record : record.Named(missing);
        if (Beginnings.HasIds)
            return record.Id.IsOwn ? record : record.Named(missing);
        return record.Id.IsOwn && record.Id.LooksLikeNumber
            ? record.Named(missing).Rejected(
                $"its id could be the number of another record, as no record in the first MiB of the inputs has one; "
                + $"--id {Fields.Id} says that they have ids")
            : record;
    }

    // The reader of the next record of the share, or null where the share ends.
    private RecordReader? Find()
    {
        if (startDigest is null && from > 0 && Index is not null && BeforeShare is null)
            Seek(from);
        RecordReader? current = Advance(from);
        startDigest ??= Digest;
        // A record that is longer than the share leads past its end.
        if (current is null || finishedBytes + current.Position < to)
            return current;
        RequireUnchanged();
        return null;
    }

    // Steps over all records that begin before an offset. Where it ends depends on nothing but the bytes and the
    // offset.
    private RecordReader? Advance(long offset)
    {
        while (reader is not null || next < Inputs.Count)
        {
            reader ??= Open(next++);
            bool isLeft = true;
            while (finishedBytes + reader.Position < offset && isLeft)
            {
                Cancel.ThrowIfCancellationRequested();
                isLeft = BeforeShare is null ? reader.SkipAlike(long.MaxValue) > 0 : Tell(reader, BeforeShare);
            }
            Count(reader);
            if (isLeft)
                return reader;
            Close();
        }
        return null;
    }

    private bool Tell(RecordReader current, Action<TextRecord> told)
    {
        if (current.Read() is not { } record)
            return false;
        told(Named(record));
        return true;
    }

    private void Count(RecordReader current)
    {
        records = current.Number;
        Volatile.Write(ref bytesRead, finishedBytes + current.BytesRead);
    }

    private static bool IsZstandardFile(InputFile input)
    {
        if (input.Length is null || RecordFormats.IsTable(input.Format))
            return false;
        using Stream stream = input.Open();
        Span<byte> head = stackalloc byte[Compressions.HeadLength];
        return stream.CanSeek
            && Compressions.OfContent(head[..stream.ReadAtLeast(head, head.Length, false)]) == Compression.Zstandard;
    }

    private Stream OpenStream(InputFile input)
    {
        Stream stream = input.Open();
        if (stream.CanSeek || !isShare && !RecordFormats.IsTable(input.Format))
            return stream;
        stream.Dispose();
        throw new ScoringException(
            ScoringFault.Usage,
            RecordFormats.IsTable(input.Format)
                ? $"{TableContent.NameOf(input.Format)} is read from its end: it needs a file, no pipe"
                : "cannot be shared out: its size is not known before it is read",
            input.Name);
    }

    private Stream OpenWatched(InputFile input) => stream = OpenStream(input);

    private RecordReader Open(int index)
    {
        InputFile input = Inputs[index];
        InputBeginning beginning = Beginnings[index];
        IReadOnlyList<UInt128>? blocks = Index is null ? null : Known(index).Blocks;
        ReadDigest.Begin(input.Name, blocks);
        inputRecords = records;
        if (RecordFormats.IsTable(input.Format))
        {
            Stream table = OpenWatched(input);
            TakeTable(table, blocks);
            return new TableRecordReader(input, table, LongestLine, Fields, records);
        }
        ByteSource bytes = Beginnings.Take(index)
            ?? new ByteSource(
                OpenWatched(input), input.Name, input.Reader is null ? beginning.Encoding : null,   // those are UTF-8
                isText: input is { Path: null, Encoding: not null });
        bytes.StartDigest(ReadDigest);
        if (input.Reader is { } reader)
            return reader(input.Name, bytes, LongestLine, records);
        return input.Format switch
        {
            RecordFormat.JsonLines => new JsonRecordReader(input.Name, bytes, LongestLine, Fields, records),
            RecordFormat.Text => new TextLineReader(input.Name, bytes, LongestLine, Fields, records),
            _ => new DelimitedReader(input, bytes, LongestLine, Fields, beginning, records),
        };
    }

    private string[] ReaderNote() => reader?.Note is { } note ? [Note(Inputs[next - 1].Name, note)] : [];

    private static string Note(string input, string note) => $"{Printable.OneLine(input)}: {note}";

    private void RequireUnchanged() => (stream as WatchedStream)?.RequireUnchanged();

    // The input being read has come to its end.
    private void Close()
    {
        RequireUnchanged();
        finishedBytes += Inputs[next - 1].Length ?? reader!.BytesRead;
        ReadDigest.End(reader!.ContentBytes);
        CloseReader();
    }

    private void CloseReader()
    {
        endNotes.AddRange(ReaderNote());
        reader?.Dispose();
        reader = null;
        stream?.Dispose();
        stream = null;
    }
}
