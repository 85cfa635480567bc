using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Clue;

/// <summary>The elements of an array that a JSON file holds, one at a time.</summary>
/// <param name="source">The file, for messages.</param>
/// <param name="bytes">Its content.</param>
/// <param name="longest">The longest element allowed, in bytes.</param>
/// <param name="property">The array's name in the root object; empty: it is the root.</param>
internal sealed class JsonElements(string source, ByteSource bytes, int longest, string property)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool isFinal;
    private bool isNamed = property.Length == 0;   // the next array is the one
    private State state;
    private JsonReaderState reading;
    private long before;   // bytes of the content before the buffer

    private enum State
    {
        Before,
        Inside,
        Behind,
    }

    /// <summary>Offset of the last element.</summary>
    public long Offset { get; private set; }

    private int ArrayDepth => property.Length == 0 ? 0 : 1;

    /// <summary>The next element, or null at the end.</summary>
    /// <exception cref="GauFormatException">
    /// The file is not JSON, holds no such array, or an element is too long.
    /// </exception>
    public JsonDocument? Next()
    {
        while (true)
        {
            try
            {
                if (Scan() is { } element)
                    return element;
            }
            catch (JsonException e)
            {
                throw Malformed(before + start, "not JSON", e);
            }
            if (isFinal && state != State.Before)
                return null;
            if (isFinal)
                throw Malformed(before + end, property.Length == 0 ? "no array" : $"no array '{property}'");
            Fill();
        }
    }

    private JsonDocument? Scan()
    {
        Utf8JsonReader reader = new(buffer.AsSpan(start, end - start), isFinal, reading);
        int taken = 0;
        JsonDocument? element = null;
        while (element is null)
        {
            Utf8JsonReader at = reader;
            if (!reader.Read())
            {
                reader = at;
                break;
            }
            if (state == State.Inside && reader.CurrentDepth == ArrayDepth + 1
                && reader.TokenType is not JsonTokenType.EndArray and not JsonTokenType.EndObject)
            {
                int from = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                {
                    reader = at;
                    break;
                }
                Offset = before + start + from;
                element = JsonDocument.Parse(buffer.AsMemory(start + from, (int)reader.BytesConsumed - from).ToArray());
            }
            else
                Follow(ref reader);
        }
        taken = (int)reader.BytesConsumed;
        reading = reader.CurrentState;
        start += taken;
        return element;
    }

    private void Follow(ref Utf8JsonReader reader)
    {
        if (state == State.Before && reader.CurrentDepth == ArrayDepth && reader.TokenType == JsonTokenType.StartArray
            && isNamed)
            state = State.Inside;
        else if (state == State.Inside && reader.TokenType == JsonTokenType.EndArray)
            state = State.Behind;
        else if (state == State.Before && property.Length > 0 && reader.CurrentDepth == 1)
            isNamed = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(property);
    }

    private void Fill()
    {
        if (end - start > longest)
            throw Malformed(before + start, "an element is longer than the longest line allowed");
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (before, end, start) = (before + start, end - start, 0);
        if (end > buffer.Length / 2)
            Array.Resize(ref buffer, 2 * buffer.Length);
        if (!bytes.Fill())
        {
            isFinal = true;
            return;
        }
        ReadOnlySpan<byte> more = bytes.Available;
        more = more[..Math.Min(more.Length, buffer.Length - end)];
        more.CopyTo(buffer.AsSpan(end));
        end += more.Length;
        bytes.Advance(more.Length);
    }

    private GauFormatException Malformed(long offset, string reason, Exception? inner = null) =>
        new(source, string.Create(CultureInfo.InvariantCulture, $"byte {offset}"), reason, inner);
}
