using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// The fields of a record that are carried to its result: the inside of a JSON object. Of a name that stands there
/// several times the last value counts, as for most who read JSON.
/// </summary>
/// <param name="label">The field that is the record's label; null where there is none.</param>
internal sealed class OtherFields(string? label)
{
    private const int KeptCapacity = 1 << 20;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly List<(string Name, Range Value)> fields = [];
    private readonly Dictionary<string, int> places = [];   // among them
    private ArrayBufferWriter<char> written = new();   // the fields as they came
    private bool isRepeated;   // not all that is written counts

    /// <summary>The label, as JSON, or null.</summary>
    public string? Label { get; private set; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => fields.Count == 0;

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        if (IsEmpty)
            return;
        fields.Clear();
        places.Clear();
        (Label, isRepeated) = (null, false);
        if (written.Capacity > KeptCapacity)
            written = new ArrayBufferWriter<char>();
        else
            written.ResetWrittenCount();
    }

    /// <summary>Adds a field whose value is JSON already.</summary>
    public void Add(string name, string json)
    {
        int start = Begin(name);
        written.Write(json.AsSpan());
        End(name, start);
    }

    /// <inheritdoc cref="Add(string, string)"/>
    public void Add(string name, ReadOnlySpan<byte> json)
    {
        int start = Begin(name);
        Encoding.UTF8.GetChars(json, written);
        End(name, start);
    }

    /// <summary>Adds a field whose value is a text.</summary>
    public void AddText(string name, string text)
    {
        int start = Begin(name);
        written.Write("\"".AsSpan());
        written.Write(Encoder.Encode(text).AsSpan());
        written.Write("\"".AsSpan());
        End(name, start);
    }

    public override string ToString()
    {
        if (!isRepeated)
            return written.WrittenSpan.ToString();
        StringBuilder counting = new();
        foreach ((string name, Range value) in fields)
            counting.Append(counting.Length == 0 ? "\"" : ",\"").Append(Encoder.Encode(name)).Append("\":")
                .Append(written.WrittenSpan[value]);
        return counting.ToString();
    }

    // Where the value follows.
    private int Begin(string name)
    {
        written.Write((IsEmpty ? "\"" : ",\"").AsSpan());
        written.Write(Encoder.Encode(name).AsSpan());
        written.Write("\":".AsSpan());
        return written.WrittenCount;
    }

    private void End(string name, int start)
    {
        Range value = start..written.WrittenCount;
        if (places.TryAdd(name, fields.Count))
            fields.Add((name, value));
        else
            (fields[places[name]], isRepeated) = ((name, value), true);
        if (name == label)
            Label = written.WrittenSpan[value].ToString();
    }
}
