using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Reads results that are lines or CSV records, and says of a bad one where it stands.</summary>
internal abstract class TextResultReader(string name, DigestStream stream, ByteSource bytes, LineReader lines)
    : ResultReader
{
    public sealed override string Name { get; } = name;

    public sealed override ContentDigest Digest => stream.Digest;

    protected LineReader Lines { get; } = lines;

    public sealed override ResultRow? Read()
    {
        if (!Advance())
            return null;
        ResultRow row = new() { Line = Lines.Number };
        try
        {
            if (RecordErrors.OfLine(Lines) is { } error)
                throw Malformed(error);
            Fill(row);
            row.Check();
            return row;
        }
        catch (ResultFault e)
        {
            throw Malformed(e.Message, e);
        }
        catch (JsonException e)
        {
            throw Malformed($"not JSON at byte {e.BytePositionInLine ?? 0} of the record", e);
        }
        catch (InvalidOperationException e)
        {
            throw Malformed("a string holds half of a surrogate pair", e);
        }
    }

    public sealed override void Dispose() => bytes.Dispose();

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end.</returns>
    protected abstract bool Advance();

    /// <summary>Reads the current record, which is valid UTF-8, into a row.</summary>
    protected abstract void Fill(ResultRow row);

    /// <summary>What is wrong with the current record.</summary>
    protected GauFormatException Malformed(string reason, Exception? inner = null) =>
        new(Name, string.Create(CultureInfo.InvariantCulture, $"line {Lines.Number}"), reason, inner);
}
