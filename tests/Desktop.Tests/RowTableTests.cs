using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Table;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>A table is filtered and sorted as its rows would be in memory.</summary>
public sealed class RowTableTests
{
    private static readonly JsonSerializerOptions AsGauWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Gen<Row> Rows = Gen.Select(
        Gen.OneOf("定义", "职权", "责任", "a,\"b\"", "").Null(0.1),
        Gen.OneOf(Gen.OneOf(0f, -0f, 0.5f, 1f, -3.5f), Gen.Float[-1, 2]).Nullable(0.1),
        Gen.Int[2, 40],
        Gen.OneOf("中文 text", "Text \"quoted\"", "换\n行", "😀 emoji", "条例", "ﬁ", "", "TEXT"),
        Gen.Bool, Gen.Int[0, 9].Select(digit => digit == 0),
        (label, score, tokens, text, truncated, rejected) => new Row(label, score, tokens, text, truncated, rejected));

    private static readonly Gen<RowQuery> Queries = Gen.Select(
        Gen.OneOf<string[]>(["定义"], ["职权", "责任"], [""], [], ["none"]).Null(0.5),
        Gen.OneOf<float?>(null, 0f, 0.4f), Gen.OneOf<float?>(null, 0.6f, 1f),
        Gen.OneOf<string?>(null, "", "条例", "text", "\"quoted\"", "😀", "换\n", "中文"),
        Gen.OneOf<bool?>(null, true, false), Gen.Enum<RowOrder>(), Gen.Bool,
        (labels, from, to, text, rejected, order, descending) => new RowQuery
        {
            Labels = labels, From = from, To = to, Text = text, Rejected = rejected, Order = order, Descending = descending,
        });

    [Fact]
    public void View_AnyQuery_HasTheRowsOfAPlainSearch() => Gen.Select(Rows.List[0, 120], Queries).Sample(
        (rows, query) =>
        {
            using TemporaryFolder folder = new();
            RowTable table = Open(folder, rows);
            RowView view = RowView.Of(table, query, CancellationToken.None);
            int[] expected = Expected(rows, query);
            view.Rows(0, int.MaxValue).Should().Equal(expected);
            TableSummary summary = view.Summary;
            summary.Rows.Should().Be(rows.Count);
            summary.Shown.Should().Be(expected.Length);
            summary.Rejected.Should().Be(expected.Count(row => rows[row].Rejected));
            summary.Labels.ToDictionary(label => label.Label, label => label.Rows).Should().BeEquivalentTo(
                expected.Where(row => rows[row].ShownLabel is not null).GroupBy(row => rows[row].ShownLabel!)
                    .ToDictionary(group => group.Key, group => group.Count()));
            (summary.Scores.Sum() + summary.WithoutScore).Should().Be(expected.Length);
        },
        iter: TestLevel.Of(60, 300, 3000));

    [Fact]
    public void Read_RowsInAnyOrder_GivesTheirLines() => Gen.Select(Rows.List[1, 200], Gen.Int.Array[1, 40]).Sample(
        (rows, numbers) =>
        {
            using TemporaryFolder folder = new();
            RowTable table = Open(folder, rows);
            int[] wanted = [.. numbers.Select(number => (int)((uint)number % (uint)rows.Count))];
            List<(int Row, string Line)> read = [];
            table.Read(wanted, (row, line) => read.Add((row, Encoding.UTF8.GetString(line))));
            read.Should().Equal(wanted.Select(row => (row, rows[row].Json(row))));
        },
        iter: TestLevel.Of(30, 200, 2000));

    [Fact]
    public void Rows_BeyondTheEnd_AreNone()
    {
        using TemporaryFolder folder = new();
        RowView view = RowView.Of(Open(folder, [new("a", 0.5f, 3, "x", false, false)]), new RowQuery(), CancellationToken.None);
        view.Rows(0, 10).Should().Equal(0);
        view.Rows(1, 10).Should().BeEmpty();
        view.Rows(int.MaxValue, int.MaxValue).Should().BeEmpty();
    }

    // What scrolling asks for: a page from anywhere, in any order, of a table far longer than a screen.
    [Fact]
    public void Table_Long_GivesPagesFromAnywhere()
    {
        int count = TestLevel.Of(30_000, 1_000_000, 1_000_000);
        using TemporaryFolder folder = new();
        string path = folder.Path("rows.jsonl");
        using (StreamWriter rows = new(path))
        {
            for (int i = 0; i < count; i++)
                rows.Write($$"""{"id":{{i}},"text":"第{{i}}条","label":"{{(i % 3 == 0 ? "定义" : "职权")}}","score":0.{{i % 1000:000}},"tokens":5}""" + "\n");
        }
        RowTable table = RowTable.Open(path, null, CancellationToken.None);
        table.Count.Should().Be(count);
        RowView all = RowView.Of(table, new RowQuery { Order = RowOrder.Score, Descending = true }, CancellationToken.None);
        all.Rows(0, 3).Should().Equal(999, 1999, 2999);
        all.Rows(count - 2, 100).Should().Equal(count - 2000, count - 1000);
        RowView some = RowView.Of(table, new RowQuery { Labels = ["定义"], Text = $"第{count - 1 - (count - 1) % 3}条" }, CancellationToken.None);
        some.Rows(0, 10).Should().Equal(count - 1 - (count - 1) % 3);
        foreach (int first in (int[])[0, count / 2 + 7, count - 100])
        {
            int next = first;
            table.Read(all.Rows(first, 100), (row, line) =>
            {
                row.Should().Be(all.Rows(next++, 1)[0]);
                Encoding.UTF8.GetString(line).Should().StartWith($$"""{"id":{{row}},""");
            });
            next.Should().Be(first + 100);
        }
    }

    [Theory]
    [InlineData("{\"id\":1,\"label\":\"a\"}\nnot json\n", "line 2")]
    [InlineData("[1]\n", "line 1")]
    [InlineData("{\"id\":1,\"label\":5}\n", "line 1")]
    [InlineData("{\"id\":1,\"label\":\"a\"}\n{\"id\":2,\"lab", "line 2")]
    public void Open_BrokenRow_SaysWhere(string content, string place)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("rows.jsonl", content);
        FluentActions.Invoking(() => RowTable.Open(path, null, CancellationToken.None))
            .Should().Throw<GauFormatException>().Which.Place.Should().Be(place);
    }

    [Fact]
    public void Open_Cancelled_Ends()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("rows.jsonl", "{\"id\":1}\n");
        FluentActions.Invoking(() => RowTable.Open(path, null, new CancellationToken(true)))
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Preview_LongText_IsItsBeginning()
    {
        string text = new string('文', RowPreview.MostCharacters - 1) + "😀 and more";
        string json = JsonSerializer.Serialize(new { id = 1, text, probabilities = new { a = 0.25 } }, AsGauWrites);
        using MemoryStream output = new();
        using (Utf8JsonWriter writer = new(output))
            RowPreview.Write(writer, 7, Encoding.UTF8.GetBytes(json));
        JsonElement row = JsonDocument.Parse(output.ToArray()).RootElement;
        row.GetProperty("#").GetInt32().Should().Be(7);
        row.GetProperty("#cut").GetBoolean().Should().BeTrue();
        row.GetProperty("text").GetString().Should().Be(new string('文', RowPreview.MostCharacters - 1));
        row.GetProperty("probabilities").GetProperty("a").GetDouble().Should().Be(0.25);
    }

    private static RowTable Open(TemporaryFolder folder, List<Row> rows) => RowTable.Open(
        folder.Write("rows.jsonl", string.Concat(rows.Select((row, i) => row.Json(i) + "\n"))), null,
        CancellationToken.None);

    private static int[] Expected(List<Row> rows, RowQuery query)
    {
        IEnumerable<int> found = Enumerable.Range(0, rows.Count).Where(i => IsWanted(rows[i], query));
        Func<int, IComparable?> key = query.Order switch
        {
            RowOrder.Label => i => rows[i].ShownLabel is { } label ? new Ordinal(label) : null,
            RowOrder.Score => i => rows[i].ShownScore,
            RowOrder.Tokens => i => rows[i].ShownTokens,
            _ => i => i,
        };
        IOrderedEnumerable<int> known = found.OrderBy(i => key(i) is null);
        return [.. query.Descending ? known.ThenByDescending(key) : known.ThenBy(key)];
    }

    private static bool IsWanted(Row row, RowQuery query) =>
        (query.Labels is null || row.ShownLabel is { } label && query.Labels.Contains(label))
        && (query.From is null || row.ShownScore >= query.From) && (query.To is null || row.ShownScore <= query.To)
        && (string.IsNullOrEmpty(query.Text)
            || !row.Rejected && row.Text.Contains(query.Text, StringComparison.OrdinalIgnoreCase))
        && (query.Rejected is null || row.Rejected == query.Rejected);

    private readonly record struct Ordinal(string Text) : IComparable
    {
        public int CompareTo(object? other) => string.CompareOrdinal(Text, ((Ordinal)other!).Text);
    }

    private sealed record Row(string? Label, float? Score, int Tokens, string Text, bool Truncated, bool Rejected)
    {
        public string? ShownLabel => Rejected ? null : Label;

        public float? ShownScore => Rejected ? null : Score;

        public int ShownTokens => Rejected ? 0 : Tokens;

        public string Json(int id) => Rejected
            ? JsonSerializer.Serialize(new { id, error = "no text" }, AsGauWrites)
            : string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"text\":{JsonSerializer.Serialize(Text, AsGauWrites)},")
                + $"\"label\":{JsonSerializer.Serialize(Label, AsGauWrites)},\"score\":{JsonSerializer.Serialize(Score)},"
                + string.Create(CultureInfo.InvariantCulture, $"\"tokens\":{Tokens},\"truncated\":{(Truncated ? "true" : "false")}}}");
    }
}
