using System.Buffers;
using System.Text;
using System.Text.Json;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Results;

/// <summary>How the values of results are laid out in Parquet and Arrow.</summary>
internal static class ResultLayout
{
    /// <summary>The name of the note that says what the columns are.</summary>
    public const string NoteName = "gau.columns";

    /// <summary>The key in JSON of the probabilities of all labels.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>How a column is written.</summary>
    /// <param name="column">The column.</param>
    /// <param name="wholeIds">Whether ids are whole numbers.</param>
    public static WrittenColumn Column(ResultColumn column, bool wholeIds)
    {
        (PhysicalType type, Annotation annotation) = column.Type == ResultType.Id && wholeIds
            ? (PhysicalType.Int64, Annotation.None)
            : Stored(column.Type);
        return new WrittenColumn(column.Name, type, annotation, column.IsVector);
    }

    /// <summary>The columns as a note.</summary>
    public static string Describe(IReadOnlyList<ResultColumn> columns)
    {
        ArrayBufferWriter<byte> note = new();
        using (Utf8JsonWriter json = new(note, JsonRows.Options))
        {
            json.WriteStartArray();
            foreach (ResultColumn column in columns)
            {
                json.WriteStartArray();
                json.WriteStringValue(column.Name);
                json.WriteStringValue(column.Type.ToString());
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(note.WrittenSpan);
    }

    /// <summary>The columns of a file of results.</summary>
    /// <exception cref="TableFault">It is not a file of results.</exception>
    public static IReadOnlyList<ResultColumn> Read(TableFile file)
    {
        if (!file.Notes.TryGetValue(NoteName, out string? note))
            throw new TableFault("no results of gau: it does not say what its columns are");
        IReadOnlyList<ResultColumn> columns = Parse(note);
        if (columns.Count == 0 || !columns[0].IsId || columns[^1].Type != ResultType.Error
            || columns.Count != file.Columns.Count || columns.Where((c, i) => !Fits(c, file.Columns[i])).Any()
            || columns.Where((c, i) => c.Type == ResultType.SignedBytes && columns[i - 1].Type != ResultType.Scale)
                .Any()
            || columns.SkipWhile(c => !KeptColumns.IsOwn(c)).SkipWhile(KeptColumns.IsOwn).Any(c => !IsLast(c)))
            throw new TableFault("the columns are not those of results");
        return columns;
    }

    /// <summary>What the vectors of a file of results are; null where it does not say so, or has none.</summary>
    /// <exception cref="TableFault">What it says is malformed.</exception>
    public static VectorDescription? Vectors(TableFile file)
    {
        if (!file.Notes.TryGetValue(VectorDescription.NoteName, out string? note))
            return null;
        try
        {
            return VectorDescription.Parse(Encoding.UTF8.GetBytes(note));
        }
        catch (FormatException e)
        {
            throw new TableFault(e.Message, e);
        }
    }

    private static bool IsLast(ResultColumn column) => column.Type == ResultType.Error;

    private static bool Fits(ResultColumn column, SchemaColumn found)
    {
        const int HalfLength = 2;
        (PhysicalType type, _) = Stored(column.Type);
        bool isWholeId = column.Type == ResultType.Id && found.Type == PhysicalType.Int64;
        return found.Field == column.Name && (found.Type == type || isWholeId)
            && found.MaxRepetition == (column.IsVector ? 1 : 0)
            && (column.Type != ResultType.Halves || found.Length == HalfLength)
            && found.MaxDefinition == found.MaxRepetition + 1
            && (column.Type != ResultType.Probability
                || column.Name.StartsWith(ResultColumn.ProbabilityPrefix, StringComparison.Ordinal));
    }

    private static IReadOnlyList<ResultColumn> Parse(string note)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(note);
            return
            [
                .. json.RootElement.EnumerateArray().Select(pair =>
                    new ResultColumn(pair[0].GetString()!, Enum.Parse<ResultType>(pair[1].GetString()!))),
            ];
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new TableFault("the note about its columns is malformed", e);
        }
    }

    private static (PhysicalType, Annotation) Stored(ResultType type) => type switch
    {
        ResultType.Id or ResultType.Text or ResultType.Error => (PhysicalType.ByteArray, Annotation.Text),
        ResultType.DateId => (PhysicalType.Int32, Annotation.Date),
        ResultType.UuidId => (PhysicalType.FixedLengthByteArray, Annotation.Uuid),
        ResultType.FieldNull or ResultType.FieldText => (PhysicalType.ByteArray, Annotation.Text),
        ResultType.Json or ResultType.FieldJson => (PhysicalType.ByteArray, Annotation.Json),
        ResultType.FieldWhole or ResultType.FieldLong => (PhysicalType.Int64, Annotation.None),
        ResultType.FieldNumber => (PhysicalType.Double, Annotation.None),
        ResultType.Whole => (PhysicalType.Int32, Annotation.None),
        ResultType.SignedBytes => (PhysicalType.Int32, Annotation.Signed),
        ResultType.Halves => (PhysicalType.FixedLengthByteArray, Annotation.Half),
        ResultType.Flag or ResultType.RareFlag or ResultType.FieldFlag => (PhysicalType.Boolean, Annotation.None),
        _ => (PhysicalType.Float, Annotation.None),
    };
}
