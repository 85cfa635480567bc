using FluentAssertions;
using GauRuntime.Parquet;
using Parquet;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

/// <summary>Why there is a reader of our own: columns of Arrow that Parquet.Net 6.1 does not read.</summary>
public sealed class ParquetNetTests
{
    [Theory]
    [InlineData("arrow-plain", "flag", true)]
    [InlineData("arrow-plain", "choices", true)]
    [InlineData("arrow-plain", "at", true)]
    [InlineData("arrow-lz4-v2", "text", true)]
    [InlineData("arrow-lz4-v2", "flag", false)]             // truth values as runs
    [InlineData("arrow-zstd-delta-v2", "flag", false)]
    [InlineData("arrow-lz4-v2", "choices", false)]          // lists, whose levels stand before what is compressed
    [InlineData("arrow-zstd-delta-v2", "choices", false)]
    [InlineData("arrow-zstd-delta-v2", "at", false)]        // times as differences
    public async Task Read_ColumnOfArrow_IsReadHereButNotAlwaysThere(string name, string column, bool isReadThere)
    {
        byte[] content = await File.ReadAllBytesAsync(
            Fixtures.Path("parquet", name + ".parquet"), TestContext.Current.CancellationToken);
        ReadHere(content, column).Should().Be(120);
        Func<Task> readThere = () => new OracleFile(content).Read(column);
        if (isReadThere)
            await readThere.Should().NotThrowAsync();
        else
            (await readThere.Should().ThrowAsync<Exception>()).Which.Should().Match<Exception>(
                e => e is DivideByZeroException || e is NotImplementedException || e is NotSupportedException);
    }

    // How many rows there are.
    private static int ReadHere(byte[] content, string name)
    {
        using ParquetFile file = ParquetFile.Open(new MemoryStream(content));
        SchemaColumn column = file.Footer.Columns.Single(c => c.Field == name);
        int rows = 0;
        foreach (RowGroup group in file.Footer.Groups)
        {
            ColumnCursor cursor = new(file, column, group.Chunks[column.Index]);
            for (int i = 0; i < group.Rows; i++, rows++)
                cursor.NextRow();
        }
        return rows;
    }
}
