using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Table;

/// <summary>Is told a row.</summary>
/// <param name="row">Its number, from 0.</param>
/// <param name="line">It, as JSON; valid during the call.</param>
internal delegate void RowTaken(int row, ReadOnlySpan<byte> line);

/// <summary>
/// A file of results, whose rows stay on the disk: memory holds of each what it is filtered and sorted by, and of every
/// few where they begin.
/// </summary>
/// <remarks>Memory: about 12 bytes a row. Thread-safe. The file must not be changed meanwhile.</remarks>
internal sealed class RowTable
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 200_000_000;

    /// <summary>The most different labels.</summary>
    public const int MostLabels = ushort.MaxValue;

    private const int RowsPerOffset = 16;
    private const int LongestRow = 256 << 20;
    private const ushort NoLabel = ushort.MaxValue;
    private const int RowsPerLook = 1 << 12;   // between two looks at whether it is cancelled

    private delegate void LineTaken(int row, long offset, ReadOnlySpan<byte> line);

    private readonly ChunkedColumn<long> offsets = new();   // of every 16th row
    private readonly ChunkedColumn<ushort> labels = new();
    private readonly ChunkedColumn<float> scores = new();
    private readonly ChunkedColumn<int> tokens = new();
    private readonly ChunkedColumn<RowFlags> flags = new();
    private readonly List<string> names = [];

    private RowTable(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => scores.Count;

    /// <summary>The labels that occur, in the order in which they came first.</summary>
    public IReadOnlyList<string> Labels => names;

    /// <summary>Reads a file of results once.</summary>
    /// <param name="path">Rows of JSON, one a line.</param>
    /// <param name="read">Is told now and then how many bytes have been read; or null.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="GauFormatException">A row is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RowTable Open(string path, Action<long>? read, CancellationToken cancel)
    {
        RowTable table = new(path);
        Dictionary<string, ushort> codes = new(StringComparer.Ordinal);
        table.Scan(
            (row, offset, line) =>
            {
                if (row == MostRows)
                    throw table.Fault(row, $"more than {MostRows} rows");
                if (row % RowsPerLook == 0)
                    read?.Invoke(offset);
                table.Add(row, offset, line, codes);
            },
            cancel);
        return table;
    }

    /// <summary>The label of a row, as an index of <see cref="Labels"/>; −1: it has none.</summary>
    public int Label(int row) => labels[row] is var code && code == NoLabel ? -1 : code;

    /// <summary>The score of a row; NaN: it has none.</summary>
    public float Score(int row) => scores[row];

    /// <summary>Tokens of a row's text.</summary>
    public int Tokens(int row) => tokens[row];

    /// <summary>What else is known of a row.</summary>
    public RowFlags Flags(int row) => flags[row];

    /// <summary>Reads all rows from the disk, in order.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void ReadAll(RowTaken taken, CancellationToken cancel) =>
        Scan((row, _, line) => taken(row, line), cancel);

    /// <summary>Reads some rows from the disk.</summary>
    /// <param name="rows">Their numbers, in any order.</param>
    /// <param name="taken">Is told each, in that order.</param>
    /// <exception cref="IOException">The file cannot be read, or is no longer what it was.</exception>
    public void Read(ReadOnlySpan<int> rows, RowTaken taken)
    {
        using FileStream file = Open();
        for (int i = 0; i < rows.Length;)
        {
            // Neighbours in the order that are neighbours in the file are read together.
            int run = 1;
            while (i + run < rows.Length && rows[i + run] == rows[i] + run)
                run++;
            int first = rows[i], last = first + run - 1, start = first - first % RowsPerOffset;
            LineReader lines = At(file, offsets[first / RowsPerOffset]);
            for (int row = start; row <= last; row++)
            {
                if (!lines.Read())
                    throw new IOException($"{Path}: it is shorter than it was");
                if (row >= first)
                    taken(row, lines.Line);
            }
            i += run;
        }
    }

    private void Scan(LineTaken taken, CancellationToken cancel)
    {
        using FileStream file = Open();
        LineReader lines = At(file, 0);
        for (int row = 0; lines.Read(); row++)
        {
            if (row % RowsPerLook == 0)
                cancel.ThrowIfCancellationRequested();
            if (lines.TooLong)
                throw Fault(row, $"a row of more than {LongestRow >> 20} MiB");
            taken(row, lines.Offset, lines.Line);
        }
    }

    private void Add(int row, long offset, ReadOnlySpan<byte> line, Dictionary<string, ushort> codes)
    {
        RowFacts facts;
        try
        {
            facts = RowFacts.Of(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Fault(row, "no row of results", e);
        }
        if (row % RowsPerOffset == 0)
            offsets.Add(offset);
        ushort code = NoLabel;
        if (facts.Label is { } label && !codes.TryGetValue(label, out code))
        {
            if (names.Count == MostLabels)
                throw Fault(row, $"more than {MostLabels} different labels");
            code = (ushort)names.Count;
            codes.Add(label, code);
            names.Add(label);
        }
        labels.Add(facts.Label is null ? NoLabel : code);
        scores.Add(facts.Score);
        tokens.Add(facts.Tokens);
        flags.Add(facts.Flags);
    }

    private FileStream Open() => new(
        Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private LineReader At(FileStream file, long offset)
    {
        file.Position = offset;
        return new LineReader(new ByteSource(file, Path), LongestRow);
    }

    private GauFormatException Fault(int row, string reason, Exception? cause = null) =>
        new(Path, string.Create(CultureInfo.InvariantCulture, $"line {row + 1L}"), reason, cause);
}
