namespace GauRuntime.Scoring.Results;

/// <summary>
/// Which ids of a row group are JSON scalars but no strings: a column of texts cannot tell 5 from "5". Kept as a note
/// that other programs pass over.
/// </summary>
internal sealed class RawIds
{
    /// <summary>The name of the note.</summary>
    public const string NoteName = "gau.json_ids";

    private const string All = "all";

    private readonly List<bool> ids = [];

    public void Add(bool isRaw) => ids.Add(isRaw);

    /// <summary>The note for the ids added so far, which are forgotten; null where all of them are strings.</summary>
    public string? Flush()
    {
        string? note = !ids.Contains(true) ? null : !ids.Contains(false) ? All : Bitmap();
        ids.Clear();
        return note;
    }

    /// <summary>Reads a note.</summary>
    /// <returns>Whether the id of a row is raw.</returns>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static Func<long, bool> Read(string? note, long rows)
    {
        if (note is null or All)
            return _ => note is not null;
        byte[] bitmap = Convert.FromBase64String(note);
        if (bitmap.Length != (rows + 7) / 8)
            throw new FormatException("a note of another length");
        return row => (bitmap[row >> 3] >> (int)(row & 7) & 1) != 0;
    }

    private string Bitmap()
    {
        byte[] bitmap = new byte[(ids.Count + 7) / 8];
        for (int i = 0; i < ids.Count; i++)
            bitmap[i >> 3] |= (byte)((ids[i] ? 1 : 0) << (i & 7));
        return Convert.ToBase64String(bitmap);
    }
}
