using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Arrow;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Search;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Vectors;

/// <summary>Reads what <c>gau embed</c> wrote: npy, Parquet, Arrow, JSON Lines.</summary>
internal static class VectorFiles
{
    private const int RowsLookedAt = 1000;   // of which all but one may be rejected records

    private enum Kind
    {
        None,
        Matrix,
        Table,
        Rows,
    }

    /// <summary>Whether a file holds vectors, or something else, such as texts.</summary>
    /// <param name="file">The file.</param>
    /// <param name="longestLine">The longest line allowed, in bytes.</param>
    /// <exception cref="GauFormatException">It is malformed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool AreIn(InputFile file, int longestLine) => KindOf(file, longestLine) != Kind.None;

    /// <summary>Opens a file of vectors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="longestLine">The longest line allowed, in bytes.</param>
    /// <param name="keepsTexts">Whether the texts that rows have are held.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="GauFormatException">It is malformed.</exception>
    /// <exception cref="IOException">It cannot be read, or there is no room for what is read.</exception>
    public static VectorTable Open(InputFile file, int longestLine, bool keepsTexts, CancellationToken cancel) =>
        KindOf(file, longestLine) switch
        {
            Kind.Matrix => OpenMatrix(file.Path!, longestLine),
            Kind.Table => OpenTable(file, keepsTexts, cancel),
            _ => OpenRows(file, longestLine, keepsTexts, cancel),
        };

    /// <summary>The files that are read with a matrix of vectors: ids, and what they are, if they are there.</summary>
    /// <param name="file">A file of whatever kind.</param>
    public static IEnumerable<string> Beside(InputFile file)
    {
        // What is read of a pipe is lost for who reads it afterwards: it is taken for texts, as in KindOf.
        if (file.Path is null || file.Stamp is null)
            return [];
        // Hardly ever is there such a file, so that the input is hardly ever looked at.
        string[] beside = [.. ResultFormats.BesideMatrix.Select(end => file.Path + end).Where(File.Exists)];
        return beside.Length > 0 && NpyLayout.IsIn(Beginning(file, stackalloc byte[8])) ? beside : [];
    }

    private static Kind KindOf(InputFile file, int longestLine)
    {
        // A pipe can be opened once, by who reads it: it is taken for texts.
        if (file.Path is null || file.Stamp is null)
            return Kind.None;
        ReadOnlySpan<byte> start = Beginning(file, stackalloc byte[8]);
        if (NpyLayout.IsIn(start))
            return Kind.Matrix;
        if (start.StartsWith("PAR1"u8) || ArrowFile.IsIn(start))
            return HasVectors(file) ? Kind.Table : Kind.None;
        return LooksLikeRows(file, longestLine) ? Kind.Rows : Kind.None;
    }

    private static ReadOnlySpan<byte> Beginning(InputFile file, Span<byte> room)
    {
        using Stream stream = file.Open();
        return room[..stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false)];
    }

    private static VectorTable OpenMatrix(string path, int longestLine)
    {
        VectorTable table = new(path, EmbeddingVectors.OpenNpy(path));
        try
        {
            string[] beside = [.. ResultFormats.BesideMatrix.Select(end => path + end)];
            if (File.Exists(beside[0]))
                ReadIds(table, beside[0], longestLine);
            if (File.Exists(beside[1]))
                table.Description = VectorDescription.Read(File.OpenRead(beside[1]), beside[1]);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static void ReadIds(VectorTable table, string path, int longestLine)
    {
        int count = 0;
        VectorRow row = new();
        foreach (VectorRow _ in Rows(InputFile.Find(path, RecordFormat.JsonLines), longestLine, row))
        {
            table.AddId(row.Id);
            count++;
        }
        if (count != table.Vectors.Count)
            throw new GauFormatException(
                path, $"line {count}", $"ids of {count} vectors beside a matrix of {table.Vectors.Count}");
    }

    private static VectorTable OpenTable(InputFile file, bool keepsTexts, CancellationToken cancel)
    {
        List<float> vector = [];
        using TableResultReader reader = new(file.Open(), file.Name) { Vector = vector };
        VectorTable table = new(file.Name, keepsTexts) { Description = reader.Vectors };
        try
        {
            ArrayBufferWriter<byte> line = new();
            VectorRow row = new();
            for (long number = 0; reader.Read(line); number++)
            {
                cancel.ThrowIfCancellationRequested();
                Guarded(file.Name, "row", number + 1, () => row.Read(line.WrittenSpan, number));
                Add(table, row, vector.Count > 0, CollectionsMarshal.AsSpan(vector), "row", number + 1);
                line.ResetWrittenCount();
            }
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    // Another kind of Parquet or Arrow file may hold texts.
    private static bool HasVectors(InputFile file)
    {
        try
        {
            using TableFile table = TableContent.Open(file.Open());
            return table.Notes.ContainsKey(ResultLayout.NoteName)
                && ResultLayout.Read(table).Any(column => column.IsVector);
        }
        catch (TableFault) when (!RecordFormats.IsTable(file.Format))
        {
            return false;   // texts may begin so: who reads them says what is wrong
        }
        catch (TableFault e)
        {
            throw new GauFormatException(file.Name, "footer", e.Message, e);
        }
    }

    private static VectorTable OpenRows(InputFile file, int longestLine, bool keepsTexts, CancellationToken cancel)
    {
        VectorTable table = new(file.Name, keepsTexts);
        try
        {
            long number = 0;
            foreach (VectorRow row in Rows(file, longestLine, new VectorRow()))
            {
                cancel.ThrowIfCancellationRequested();
                Add(table, row, row.HasVector, row.Vector, "line", ++number);
            }
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static void Add(
        VectorTable table, VectorRow row, bool hasVector, ReadOnlySpan<float> vector, string unit, long number)
    {
        string? fault = null;
        if (row.Error is not null)
            table.Reject(row.Id, row.Error);
        else if (!hasVector)
            fault = "neither an embedding nor an error";
        else
            fault = table.Add(row.Id, vector, row.Text);
        if (fault is not null)
            throw Fault(table.Name, unit, number, fault);
    }

    // The same row again and again.
    private static IEnumerable<VectorRow> Rows(InputFile file, int longestLine, VectorRow row)
    {
        using ByteSource bytes = new(file.Open(), file.Name);
        LineReader lines = new(bytes, longestLine);
        for (long number = 0; lines.Read();)
        {
            if (RecordErrors.OfLine(lines) is { } error)
                throw Fault(file.Name, "line", lines.Number, error);
            if (lines.Line.Trim(" \t\r"u8).IsEmpty)
                continue;
            Guarded(file.Name, "line", lines.Number, () => row.Read(lines.Line, number));
            number++;
            yield return row;
        }
    }

    // Whether the first row that is no rejected record has a vector.
    private static bool LooksLikeRows(InputFile file, int longestLine)
    {
        try
        {
            int looked = 0;
            foreach (VectorRow row in Rows(file, longestLine, new VectorRow()))
            {
                if (row.Error is null || ++looked == RowsLookedAt)
                    return row.HasVector;
            }
        }
        catch (GauFormatException)
        {
            // Whoever reads it as texts says what is wrong with it.
        }
        return false;
    }

    private static void Guarded(string name, string unit, long number, Action read)
    {
        try
        {
            read();
        }
        catch (JsonException e)
        {
            throw Fault(name, unit, number, $"not JSON at byte {e.BytePositionInLine ?? 0}", e);
        }
        catch (FormatException e)
        {
            throw Fault(name, unit, number, e.Message, e);
        }
        catch (InvalidOperationException e)
        {
            throw Fault(name, unit, number, "a string holds half of a surrogate pair", e);
        }
    }

    private static GauFormatException Fault(
        string name, string unit, long number, string reason, Exception? inner = null) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{unit} {number}"), reason, inner);
}
