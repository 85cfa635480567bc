using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>The columns that CSV and TSV have for the fields that are carried along.</summary>
/// <remarks>
/// A header stands before the first row: the first records of the files tell it, the same for every shard. What comes
/// later, or out of a pipe, stays together as JSON in <c>fields</c>.
/// </remarks>
/// <param name="Names">The fields that have columns.</param>
/// <param name="HasMore">Whether there may be others.</param>
internal sealed record KeptHeader(IReadOnlyList<string> Names, bool HasMore)
{
    private const int MostRecords = 1000;

    /// <summary>The one column of all fields.</summary>
    public static KeptHeader One { get; } = new([], HasMore: true);

    /// <summary>Finds the columns.</summary>
    /// <param name="source">Where the records come from; its files are opened and closed.</param>
    /// <param name="format">That of the rows.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static KeptHeader Of(RecordSource source, RecordFormat format)
    {
        if (!source.Fields.KeepOthers || !RecordFormats.IsDelimited(format))
            return One;
        List<string> names = [];
        HashSet<string> known = [];
        bool isMore = !source.Inputs.All(TellsAll);
        foreach (InputFile input in source.Inputs.Where(input => input.Length is not null))
        {
            names.AddRange(NamesIn(input, source, out bool isSilent).Where(known.Add));
            isMore |= isSilent;
        }
        isMore |= names.Count > KeptFields.MostColumns;
        return new KeptHeader([.. names.Take(KeptFields.MostColumns)], isMore);
    }

    /// <summary>Finds the columns where rows are there already, and their records may not be any more.</summary>
    /// <param name="others">What was carried of each record, an object of JSON, or null.</param>
    /// <param name="input">The format of the records.</param>
    public static KeptHeader OfRows(IEnumerable<string?> others, RecordFormat input)
    {
        List<string> names = [];
        HashSet<string> known = [];
        foreach (string row in others.Take(MostRecords).OfType<string>())
            names.AddRange(NamesIn(row[1..^1]).Where(known.Add));
        return new KeptHeader(
            [.. names.Take(KeptFields.MostColumns)], names.Count > KeptFields.MostColumns || !TellsAll(input));
    }

    // Whether all records have the fields of the first.
    private static bool TellsAll(InputFile input) =>
        input is { Length: not null, Reader: null } && TellsAll(input.Format);

    private static bool TellsAll(RecordFormat format) =>
        format is RecordFormat.Csv or RecordFormat.Tsv or RecordFormat.Text or RecordFormat.Parquet
            or RecordFormat.Arrow;

    // Silent: no record of those looked at was good, and so none told its fields.
    private static List<string> NamesIn(InputFile input, RecordSource all, out bool isSilent)
    {
        List<string> names = [];
        bool isRejected = false, isGood = false;
        using RecordSource source = new([input], all.Fields, all.LongestLine);
        for (int i = 0; i < MostRecords && source.BytesRead <= InputBeginning.Length; i++)
        {
            TextRecord? record;
            try
            {
                record = source.Next();
            }
            catch (GauFormatException)
            {
                break;   // told when it is read
            }
            if (record is not { } read)
                break;
            isRejected |= read.Error is not null;
            isGood |= read.Error is null;
            names.AddRange(NamesIn(read.Others));
        }
        isSilent = isRejected && !isGood;
        return names;
    }

    private static List<string> NamesIn(string? others)
    {
        List<string> names = [];
        if (others is null)
            return names;
        Utf8JsonReader json = new(Encoding.UTF8.GetBytes($"{{{others}}}"), JsonRows.ReadOptions);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(json.GetString()!);
            json.Skip();
        }
        return names;
    }
}
