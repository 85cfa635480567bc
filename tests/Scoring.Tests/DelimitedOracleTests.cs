using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Formats;
using Sylvan.Data.Csv;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Our CSV reader against an independent one, on what both define.</summary>
public sealed class DelimitedOracleTests
{
    private static readonly Gen<string> Cell = Gen.Int[0, 7].Select(i => "a中 ,\"\nb;"[i]).Array[0, 8].Select(
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
