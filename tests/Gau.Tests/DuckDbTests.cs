using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Tests.Reliability;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Parquet files between these programs and DuckDB, which reads and writes them with code of its own.</summary>
/// <remarks>DuckDB's package has no reader of Arrow files: that is an extension, which it would download.</remarks>
public sealed class DuckDbTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private static readonly Lazy<string> Program = new(Build);

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    public void Results_ReadByDuckDb_AreThoseOfJsonLines(string command)
    {
        TestLevel.RequireLong();
        string records = Write(string.Concat(Enumerable.Range(0, 3000).Select(i => i % 7 == 3
            ? $"{{\"id\":\"bad{i}\"}}\n" : $"{{\"id\":\"r{i}\",\"text\":\"今天天气{i}\",\"n\":{i},\"part\":{{\"a\":[{i},null]}}}}\n")));
        string parquet = gau.Path($"{command}.parquet"), ours = gau.Path($"{command}.jsonl"), theirs = gau.Path("duck.json");
        foreach (string output in new[] { parquet, ours })
            gau.Run($"{command} {records} -o {output} --keep-fields --force", "").Code.Should().Be(0);
        Sql($"COPY (FROM '{parquet}') TO '{theirs}' (FORMAT json)");
        string[] expected = File.ReadAllLines(ours), found = File.ReadAllLines(theirs);
        found.Length.Should().Be(expected.Length);
        for (int i = 0; i < found.Length; i++)
        {
            JsonElement row = TinyGau.Parse(expected[i]), other = TinyGau.Parse(found[i]);
            foreach (JsonProperty field in row.EnumerateObject().Where(f => f.Name is not ("record" or "probabilities" or "fields")))
                Same(field.Value, other.GetProperty(field.Name)).Should().BeTrue($"{field} stands in {found[i]}");
        }
    }

    [Theory]
    [InlineData("uncompressed", 1)]
    [InlineData("snappy", 2)]
    [InlineData("gzip", 1)]
    [InlineData("zstd", 2)]
    [InlineData("brotli", 1)]
    [InlineData("lz4_raw", 2)]
    public void Records_WrittenByDuckDb_AreThoseOfItsCsv(string codec, int version)
    {
        TestLevel.RequireLong();
        string table = gau.Path($"{codec}.parquet"), csv = gau.Path($"{codec}.csv");
        const string Query = """
            SELECT 'r' || i AS id, CASE WHEN i % 11 = 5 THEN NULL ELSE '今天' || repeat('天气', i % 40) || i END AS text,
            i AS number, i / 8.0 AS ratio, i % 3 = 0 AS flag, DATE '2026-11-30' + i::INTEGER AS day, [i, NULL, i + 1] AS list,
            {'a': i, 'b': 'x' || i} AS part, MAP {'k': i} AS pairs, (i / 100)::DECIMAL(18, 2) AS price
            FROM range(9000) t(i)
            """;
        Sql(
            $"COPY ({Query}) TO '{table}' (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE 2048, PARQUET_VERSION v{version})",
            $"COPY (SELECT id, text FROM ({Query}) WHERE text IS NOT NULL) TO '{csv}' (FORMAT csv)");
        GauRun ofTable = gau.Run($"score {table} --keep-fields", ""), ofCsv = gau.Run($"score {csv}", "");
        ofTable.Lines.Length.Should().Be(9000);
        ofTable.Lines[2].Should().Contain(
            "\"fields\":{\"number\":2,\"ratio\":0.25,\"flag\":false,\"day\":\"2026-12-02\",\"list\":[2,null,3],\"part\":{\"a\":2,\"b\":\"x2\"}");
        string[] rows = [.. ofTable.Lines.Where(row => !row.Contains("\"error\"", StringComparison.Ordinal)).Select(WithoutFields)];
        rows.Should().Equal(ofCsv.Lines);
    }

    private static string WithoutFields(string row)
    {
        int at = row.IndexOf(",\"fields\":", StringComparison.Ordinal);
        return at < 0 ? row : row[..at] + "}";
    }

    // Numbers as numbers: each program has its own way to write them.
    private static bool Same(JsonElement ours, JsonElement theirs) => (ours.ValueKind, theirs.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => (float)ours.GetDouble() == (float)theirs.GetDouble(),
        (JsonValueKind.Array, JsonValueKind.Array) =>
            ours.EnumerateArray().Zip(theirs.EnumerateArray()).All(pair => Same(pair.First, pair.Second))
            && ours.GetArrayLength() == theirs.GetArrayLength(),
        _ => JsonElement.DeepEquals(ours, theirs),
    };

    private string Write(string records)
    {
        string path = gau.Path("records.jsonl");
        File.WriteAllText(path, records);
        return path;
    }

    private static string Sql(params string[] statements)
    {
        string arguments = string.Join(' ', statements.Select(s => $"'{s.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        (int code, string output, string error) = ChildProcess.Shell($"'{Program.Value}' {arguments}");
        code.Should().Be(0, error);
        return output;
    }

    // Its native library is 100 MB, which only this level of tests downloads.
    private static string Build()
    {
        string project = Path.Combine(Fixtures.Root, "tests", "DuckDb");
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{project}' && dotnet build -c Release -p:Natives=true -p:RestoreLockedMode=true --nologo -v quiet -nr:false",
            TimeSpan.FromMinutes(15));
        code.Should().Be(0, output + error);
        return Path.Combine(project, "bin", "natives", "Release", "net10.0", "GauRuntime.DuckDb");
    }
}
