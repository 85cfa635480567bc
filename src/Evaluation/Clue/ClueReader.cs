using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Reads the files of a CLUE task: a line, or an element of an array, becomes one or more records.</summary>
internal sealed class ClueReader : RecordReader
{
    /// <summary>The field that holds the label of a record.</summary>
    public const string Label = "label";

    private readonly string source;
    private readonly ByteSource bytes;
    private readonly ClueTask task;
    private readonly ClueContext context;
    private readonly LineReader lines;
    private readonly JsonElements? elements;
    private readonly Queue<ClueRecord> records = new();
    private ClueRecord current = new();
    private RecordPlace place;
    private byte[]? raw;
    private long elementNumber;

    public ClueReader(
        string source, ByteSource bytes, int longest, long firstNumber, ClueTask task, ClueContext context)
        : base(firstNumber)
    {
        (this.source, this.bytes, this.task, this.context) = (source, bytes, task, context);
        lines = new LineReader(bytes, longest);
        elements = task.Elements is { } property ? new JsonElements(source, bytes, longest, property) : null;
    }

    public override long Position => bytes.IsCompressed ? 0 : bytes.Position;

    public override long BytesRead => bytes.StoredPosition;

    public override long ContentBytes => bytes.Position;

    public override void Dispose() => bytes.Dispose();

    protected override bool Advance()
    {
        while (records.Count == 0)
        {
            if (!(elements is null ? NextLine() : NextElement()))
                return false;
        }
        current = records.Dequeue();
        return true;
    }

    protected override TextRecord Current(long number) => new()
    {
        Number = number,
        Id = task.HasIds && current.Id is { } id ? id : RecordId.OfNumber(number),
        Place = place,
        Text = current.Text,
        Pair = current.Pair,
        Choices = current.Choices,
        ParsesSpecial = current.ParsesSpecial,
        Others = current.Label is null ? null : $"\"{Label}\":{current.Label}",
        Label = current.Label,
        Error = current.Error,
        Raw = current.Error is null ? null : raw,
    };

    private bool NextLine()
    {
        if (!lines.ReadFilled())
            return false;
        place = new RecordPlace(source, lines.Number, lines.Offset);
        raw = lines.Raw;
        if (RecordErrors.OfLine(lines) is { } error)
        {
            records.Enqueue(new ClueRecord { Error = error });
            return true;
        }
        try
        {
            using JsonDocument json = JsonDocument.Parse(raw);
            Add(json.RootElement);
        }
        catch (JsonException e)
        {
            records.Enqueue(new ClueRecord { Error = $"not JSON at byte {e.BytePositionInLine ?? 0} of the record" });
        }
        return true;
    }

    private bool NextElement()
    {
        using JsonDocument? json = elements!.Next();
        if (json is null)
            return false;
        place = new RecordPlace(source, ++elementNumber, elements.Offset);
        raw = null;
        Add(json.RootElement);
        return true;
    }

    // What stood before a fault is kept: an element may hold many records.
    private void Add(JsonElement element)
    {
        try
        {
            foreach (ClueRecord record in task.Read(element, context))
                records.Enqueue(Checked(record));
        }
        catch (ClueFault e)
        {
            records.Enqueue(new ClueRecord { Id = element.Id(), Error = e.Message });
        }
        catch (InvalidOperationException)
        {
            records.Enqueue(new ClueRecord { Error = "a string is not UTF-8, or holds half of a surrogate pair" });
        }
    }

    private static ClueRecord Checked(ClueRecord record) => record.Choices?.Count switch
    {
        0 => record with { Error = "no choices" },
        > JsonRecord.MostChoices => record with { Error = $"more than {JsonRecord.MostChoices} choices" },
        _ => record,
    };
}
