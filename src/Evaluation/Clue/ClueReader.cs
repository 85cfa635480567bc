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
    private JsonDocument? element;
    private IEnumerator<ClueRecord>? records;   // of the element or line, made one by one
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

    public override void Dispose()
    {
        element?.Dispose();
        bytes.Dispose();
    }

    protected override bool Advance()
    {
        while (!NextRecord())
        {
            if (!(elements is null ? NextLine() : NextElement()))
                return false;
        }
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
            Begin(new ClueRecord { Error = error });
            return true;
        }
        try
        {
            Begin(JsonDocument.Parse(raw));
        }
        catch (JsonException e)
        {
            Begin(new ClueRecord { Error = $"not JSON at byte {e.BytePositionInLine ?? 0} of the record" });
        }
        return true;
    }

    private bool NextElement()
    {
        if (elements!.Next() is not { } json)
            return false;
        place = new RecordPlace(source, ++elementNumber, elements.Offset);
        raw = null;
        Begin(json);
        return true;
    }

    private void Begin(ClueRecord fault) => records = Enumerable.Repeat(fault, 1).GetEnumerator();

    private void Begin(JsonDocument json)
    {
        element?.Dispose();
        element = json;
        records = Read(json.RootElement).GetEnumerator();
    }

    // What throws at once does so at the first step, as what throws later.
    private IEnumerable<ClueRecord> Read(JsonElement json)
    {
        foreach (ClueRecord record in task.Read(json, context))
            yield return Checked(record);
    }

    // What stood before a fault is kept: an element may hold many records.
    private bool NextRecord()
    {
        try
        {
            if (records?.MoveNext() != true)
                return false;
            current = records.Current;
        }
        catch (ClueFault e)
        {
            current = new ClueRecord { Id = IdOf(element!.RootElement), Error = e.Message };
        }
        catch (InvalidOperationException)
        {
            current = new ClueRecord { Error = "a string is not UTF-8, or holds half of a surrogate pair" };
        }
        return true;
    }

    private static RecordId? IdOf(JsonElement faulty)
    {
        try
        {
            return faulty.Id();
        }
        catch (InvalidOperationException)
        {
            return null;   // it is as faulty
        }
    }

    private static ClueRecord Checked(ClueRecord record) => record.Choices?.Count switch
    {
        0 => record with { Error = "no choices" },
        > JsonRecord.MostChoices => record with { Error = $"more than {JsonRecord.MostChoices} choices" },
        _ => record,
    };
}
