using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>
/// R3 and R5: control characters, symbols and scripts, against tests/fixtures/tokenizer/make_records.py. Its vocabulary
/// holds every character that a text can become, so nothing hides behind [UNK].
/// </summary>
public sealed class UnicodeTextTests : IDisposable
{
    private static readonly JsonElement Fixture = TinyGau.Parse(
        File.ReadAllText(Fixtures.Path("tokenizer", "records.json")));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Dialect.Port, "port")]
    [InlineData(Dialect.Keras, "keras")]
    public void R3_ControlCharacters_GiveTheIdsOfPython(Dialect dialect, string expected) =>
        CheckIds("R3", 9, dialect, expected);

    [Theory]
    [InlineData(Dialect.Port, "port")]
    [InlineData(Dialect.Keras, "keras")]
    public void R5_SymbolsAndScripts_GiveTheIdsOfPython(Dialect dialect, string expected) =>
        CheckIds("R5", 11, dialect, expected);

    [Theory]
    [InlineData("one\\nline", "one line", "oneline")]
    [InlineData("note\\tbook", "note book", "notebook")]
    [InlineData("一\\r\\n二 a\\u2028b", "一 二 a b", "一二 ab")]
    [InlineData("a\\u00a0b", "a b", "ab")]
    [InlineData("$+ <b>", "$ + < b >", "$+<b")]
    public void R3_WhiteSpaceInAString_SeparatesWords(string text, string apart, string merged)
    {
        // dotnet/machinelearning#7724: there a line feed joins what it separates.
        string[] answers = TinyGau.Answers(Run("score -", Dialect.Port, Records(text, apart, merged)));
        answers[0].Should().Contain("\"label\"").And.Be(answers[1]).And.NotBe(answers[2]);
    }

    [Theory]
    [InlineData("\\u200d")]
    [InlineData("\\u202e")]
    [InlineData("\\u2067")]
    [InlineData("\\u0000")]
    [InlineData("\\ufffd")]
    [InlineData("\\ufeff")]
    public void R3_CharacterThatVanishes_LeavesTheScoreAsItIs(string character)
    {
        string[] answers = TinyGau.Answers(
            Run("score -", Dialect.Port, Records($"今{character}天 ab{character}c", "今天 abc", "今天 ab c")));
        answers[0].Should().Contain("\"label\"").And.Be(answers[1]).And.NotBe(answers[2]);
    }

    [Fact]
    public void R5_EscapedRawAndCsvTexts_GiveTheSameScores()
    {
        string[] texts = [.. Cases("R5").Concat(Cases("R3")).Select(c => c.GetProperty("text").GetString()!)];
        GauRun raw = Run("score -", Dialect.Port, Json(texts, escaped: false));
        raw.Lines.Should().HaveCount(20).And.OnlyContain(row => row.Contains("\"label\""));
        Run("score -", Dialect.Port, Json(texts, escaped: true)).Output.Should().Be(raw.Output);

        string[] cells = [.. texts.Where(t => !t.Contains('\0'))];
        string csv = "text\n" + string.Concat(
            cells.Select(t => $"\"{t.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"));
        TinyGau.Answers(Run("score - --format csv", Dialect.Port, csv)).Should().Equal(
            TinyGau.Answers(Run("score -", Dialect.Port, Json(cells, escaped: false))));
    }

    private static IEnumerable<JsonElement> Cases(string row) =>
        Fixture.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("row").GetString() == row);

    private static string Records(params string[] escaped) =>
        string.Concat(escaped.Select(text => $"{{\"text\":\"{text}\"}}\n"));

    private static string Json(string[] texts, bool escaped) => string.Concat(
        texts.Select(text => $"{{\"text\":\"{(escaped ? Escaped(text) : Readable(text))}\"}}\n"));

    private static string Escaped(string text) => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"));

    private static string Readable(string text) =>
        string.Concat(text.Select(unit => unit < ' ' ? $"\\u{(int)unit:x4}" : $"{unit}"));

    private void CheckIds(string row, int count, Dialect dialect, string expected)
    {
        JsonElement[] cases = [.. Cases(row)];
        cases.Should().HaveCount(count);
        string input = Json([.. cases.Select(c => c.GetProperty("text").GetString()!)], escaped: false);
        GauRun tokens = Run("tokenize --input -", dialect, input);
        GauRun scores = Run("score -", dialect, input);
        scores.Lines.Should().HaveCount(count);
        for (int i = 0; i < count; i++)
        {
            int[] ids = [.. cases[i].GetProperty(expected).EnumerateArray().Select(id => id.GetInt32())];
            ids.Should().NotContain(1, "the vocabulary has all characters");
            Ids(tokens.Lines[i]).Should().Equal(ids, cases[i].GetProperty("text").GetRawText());
            TinyGau.Parse(scores.Lines[i]).GetProperty("tokens").GetInt32().Should().Be(ids.Length);
        }
    }

    private static IEnumerable<int> Ids(string row) =>
        TinyGau.Parse(row).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());

    private GauRun Run(string command, Dialect dialect, string input)
    {
        string model = folder.Path($"{dialect}.safetensors");
        if (!File.Exists(model))
        {
            string[] vocabulary =
                [.. Fixture.GetProperty("vocabulary").EnumerateArray().Select(token => token.GetString()!)];
            TinyModel.Write(model, TinyModel.Sequence, vocabulary: vocabulary, dialect: dialect);
        }
        GauRun run = GauRun.Of(
            command.Split(' '), Encoding.UTF8.GetBytes(input), new() { ["GAU_MODEL"] = model });
        run.Code.Should().Be(0, run.Error);
        return run;
    }
}
