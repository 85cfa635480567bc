using System.Buffers;
using System.Text;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tests;

/// <summary>The rows of a Parquet or Arrow file of results, as JSON Lines.</summary>
internal static class TableRows
{
    /// <summary>The rows of a file in memory.</summary>
    public static string Of(byte[] table) => Of(new MemoryStream(table));

    /// <summary>The rows of a file, a stream that can seek, which is closed.</summary>
    public static string Of(Stream table)
    {
        using TableResultReader reader = new(table, "results");
        ArrayBufferWriter<byte> rows = new();
        while (reader.Read(rows))
        {
        }
        return Encoding.UTF8.GetString(rows.WrittenSpan);
    }
}
