using System.Text;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

/// <summary>A Parquet file in the eyes of another library.</summary>
internal sealed class OracleFile(byte[] content)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<string[]> Names()
    {
        await using ParquetReader reader = await Open();
        return [.. reader.Schema.Fields.Select(f => f.Name)];
    }

    /// <summary>Reads a column of all row groups, whatever its type.</summary>
    public async Task Read(string name)
    {
        await using ParquetReader reader = await Open();
        DataField field = reader.Schema.DataFields.Single(f => f.Path.FirstPart == name);
        foreach (ParquetRowGroupReader group in reader.RowGroups)
            (await group.ReadRawColumnDataBaseAsync(field, Cancel)).Dispose();
    }

    public async Task<bool> IsOf<T>(string name)
    {
        await using ParquetReader reader = await Open();
        return reader.Schema.FindDataField(name).ClrType == typeof(T);
    }

    /// <summary>Whether the elements of lists are of a type.</summary>
    public async Task<bool> AreListsOf<T>(int column)
    {
        await using ParquetReader reader = await Open();
        return reader.Schema.DataFields[column].ClrType == typeof(T);
    }

    /// <summary>Values that are marked as JSON, as texts.</summary>
    public async Task<string?[]> Json(string name) =>
        [.. (await Values<ReadOnlyMemory<byte>>(name)).Select(json => json is { } value ? Encoding.UTF8.GetString(value.Span) : null)];

    public async Task<long[]> GroupSizes()
    {
        await using ParquetReader reader = await Open();
        return [.. reader.RowGroups.Select(g => g.RowCount)];
    }

    public async Task<string?[]> Texts(string name)
    {
        await using ParquetReader reader = await Open();
        string?[] values = new string?[reader.RowGroups[0].RowCount];
        await reader.RowGroups[0].ReadAsync(reader.Schema.FindDataField(name), values.AsMemory(), null, Cancel);
        return values;
    }

    public async Task<T?[]> Values<T>(string name)
        where T : struct
    {
        await using ParquetReader reader = await Open();
        T?[] values = new T?[reader.RowGroups[0].RowCount];
        await reader.RowGroups[0].ReadAsync<T>(reader.Schema.FindDataField(name), values.AsMemory(), null, Cancel);
        return values;
    }

    /// <summary>The elements of all lists, and the definition and repetition level of every entry.</summary>
    public async Task<(T[] Values, int[] Definitions, int[] Repetitions)> Lists<T>(int column, int entries)
        where T : struct
    {
        await using ParquetReader reader = await Open();
        DataField field = reader.Schema.DataFields[column];
        T[] values = new T[entries];
        int[] definitions = new int[entries], repetitions = new int[entries];
        await reader.RowGroups[0].ReadRawAsync<T>(field, values, definitions, repetitions, Cancel);
        return (values, definitions, repetitions);
    }

    private Task<ParquetReader> Open() =>
        ParquetReader.CreateAsync(new MemoryStream(content), cancellationToken: Cancel);
}
