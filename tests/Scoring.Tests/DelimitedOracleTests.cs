using System.Buffers;
using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using Sylvan.Data.Csv;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Our CSV reader against an independent one, on what both define.</summary>
public sealed class DelimitedOracleTests
{
    private static readonly Gen<string> Cell = Gen.Int[0, 7].Select(i => "a中 ,\"\nb;"[i]).Array[0, 8].Select(
        c => new string(c));

    // Whatever quotes are in it, but for doubled ones, which may mean quoting.
    private static readonly Gen<string> Plain = Gen.Int[0, 5].Select(i => "a中 ,\";"[i]).Array[0, 8].Select(
        c => new string(c)).Where(c => !c.Contains("\"\"", StringComparison.Ordinal));

    private static readonly Gen<string> Field = Gen.Int[0, 8].Select(i => "a中 ,\"\nb;\t"[i]).Array[0, 8].Select(
        c => new string(c));

    [Fact]
    public void Csv_QuotedCells_ReadAsAnotherReaderDoes() =>
        Gen.Select(Cell, Cell, Cell).List[1, 12].Sample(rows =>
        {
            StringBuilder csv = new("id,text,other\n");
            foreach ((string id, string text, string other) in rows)
                csv.Append(string.Join(',', new[] { id, text, other }.Select(Quote))).Append('\n');
            List<(string, string?)> ours = Ours(csv.ToString());
            ours.Should().Equal(Theirs(csv.ToString()));
            ours.Select(r => r.Item2).Should().Equal(rows.Select(r => r.Item2));
        });

    [Fact]
    public void Tsv_Unquoted_ComesBackWhole() =>
        Gen.Select(Plain, Plain, Plain).List[1, 12].Sample(rows =>
        {
            string tsv = "text\tid\tother\n" + string.Concat(rows.Select(r => $"{r.Item1}\t{r.Item2}\t{r.Item3}\n"));
            using RecordSource source = new(
                [RecordReaderTests.Input(tsv, RecordFormat.Tsv)], new RecordFields { KeepOthers = true });
            RecordReaderTests.All(source).Select(r => (r.Text!, r.Id.ToString())).Should().Equal(
                rows.Select(r => (r.Item1, r.Item2)));
        });

    [Theory]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Tsv)]
    public void Results_GivenAsRecords_ComeBackWhole(RecordFormat format) =>
        Gen.Select(Field, Field, Field).List[1, 12].Sample(rows =>
        {
            using ResultRows writer = ResultRows.Create(
                format, ["label", "text", "tokens", "truncated", "empty"], new RecordFields());
            ArrayBufferWriter<byte> table = new();
            writer.Header(table);
            foreach ((string id, string label, string text) in rows)
            {
                writer.Begin();
                writer.Text("label", label);
                writer.Text("text", text);
                writer.Row(RecordId.OfText(id), writer.End(), null, table);
            }
            using RecordSource source = new(
                [RecordReaderTests.Input(table.WrittenSpan.ToArray(), format)], new RecordFields());
            RecordReaderTests.All(source).Select(r => (r.Id.ToString(), r.Text!)).Should().Equal(
                rows.Select(r => (r.Item1, r.Item3)));
        });

    private static string Quote(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<(string, string?)> Ours(string csv)
    {
        using RecordSource source = new([RecordReaderTests.Input(csv, RecordFormat.Csv)], new RecordFields());
        List<(string, string?)> rows = [];
        while (source.Next() is { } record)
            rows.Add((record.Id.ToString(), record.Text));
        return rows;
    }

    private static List<(string, string?)> Theirs(string csv)
    {
        using CsvDataReader reader = CsvDataReader.Create(
            new StringReader(csv), new CsvDataReaderOptions { Delimiter = ',' });
        List<(string, string?)> rows = [];
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }
}
