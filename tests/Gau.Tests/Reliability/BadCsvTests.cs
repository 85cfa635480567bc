using System.Text;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R10: a row that does not fit is a reject; a table whose structure is lost ends the run.</summary>
public sealed class BadCsvTests(TinyGau gau) : IClassFixture<TinyGau>
{
    [Theory]
    [InlineData("csv", "1,今,天", "3 fields where the header has 2")]
    [InlineData("csv", "1", "1 fields where the header has 2")]
    [InlineData("csv", "1;今", "1 fields where the header has 2")]
    [InlineData("csv", "1\t今", "1 fields where the header has 2")]
    [InlineData("csv", "1,\"say \"hi\" now\"", "text after the closing quote of field 2")]
    [InlineData("csv", "\"1\"x,今", "text after the closing quote of field 1")]
    [InlineData("csv", "1,今\0天", "a NUL byte")]
    [InlineData("csv", "1,\"今\0\n天\"", "a NUL byte")]
    [InlineData("csv", "\"1\n2\",今,\"天\r\n气\"", "3 fields where the header has 2")]
    [InlineData("tsv", "1,今", "1 fields where the header has 2")]
    [InlineData("tsv", "1\t今\t", "3 fields where the header has 2")]
    [InlineData("tsv", "1\t\"今\" 天", "text after the closing quote of field 2")]
    public void R10_RowThatDoesNotFit_IsRejectedWithLineAndOffset(string format, string row, string error)
    {
        char delimiter = format == "csv" ? ',' : '\t';
        string before = $"id,text\n\"be\nfore\",\"今,\"\"天\"\"\n\"\n".Replace(',', delimiter);
        string after = $"\nafter,天气\n".Replace(',', delimiter);
        byte[] input = Encoding.UTF8.GetBytes(before + row + after);
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects($"score - --format {format}", input);
        run.Code.Should().Be(0, run.Error);
        JsonElement reject = rejects.Should().ContainSingle().Which;
        reject.GetProperty("error").GetString().Should().Be(error);
        reject.GetProperty("text").GetString().Should().Be(row);
        reject.GetProperty("line").GetInt32().Should().Be(5);
        reject.GetProperty("offset").GetInt32().Should().Be(Encoding.UTF8.GetByteCount(before));
        GauRun good = gau.Run($"score - --format {format}", before + after[1..]);
        good.Lines.Should().HaveCount(2).And.OnlyContain(line => line.Contains("\"label\""));
        string[] neighbours = [run.Lines[0], run.Lines[2]];
        neighbours.Should().Equal(good.Lines);
    }

    [Fact]
    public void R10_QuoteClosedByALaterRow_RejectsThoseRowsTogether()
    {
        (GauRun run, JsonElement[] rejects) = gau.RunWithRejects(
            "score - --format csv", "id,text\n1,\"今\n2,天\n3,\"气\"\n4,很好\n"u8.ToArray());
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
        rejects.Single().GetProperty("text").GetString().Should().Be("1,\"今\n2,天\n3,\"气\"");
        run.Lines[1].Should().StartWith("{\"id\":\"4\",\"label\"");
    }

    [Theory]
    [InlineData("id,text\n1,今天\n2,\"天气\n3,很好\n", 3)]
    [InlineData("id,text\n1,今天\n2,\"天气\"\"", 3)]
    [InlineData("id,text\r\n1,今天\r\n2,\"", 3)]
    public void R10_QuoteOpenToTheEnd_IsMalformedAfterTheRowsBefore(string input, int line)
    {
        GauRun run = gau.Run("score - --format csv", input);
        run.Code.Should().Be(65);
        run.Error.Should().Be(
            $"error: standard input: line {line}: the input ends inside quotes that open in this record\n");
        run.Output.Should().Be(gau.Run("score - --format csv", "id,text\n1,今天\n").Output);

        // Into a file: it does not appear, and what was scored is kept for a resumption.
        string output = gau.Path("out.jsonl");
        gau.Run($"score - --format csv -o {output} --force", input).Code.Should().Be(65);
        File.Exists(output).Should().BeFalse();
        File.ReadAllText(output + ".partial").Should().Be(run.Output);
    }

    [Theory]
    [InlineData("csv", "id\ttext\n1\t今\n", "no column 'text'; the columns are 'id\ttext'")]
    [InlineData("tsv", "id,text\n1,今\n", "no column 'text'; the columns are 'id,text'")]
    [InlineData("csv", "1,今天\n2,天气\n", "no column 'text'; the columns are '1', '今天'")]
    [InlineData("csv", "id,text,text\n1,今,天\n", "two columns are called 'text'")]
    [InlineData("csv", "id,te\0xt\n1,今\n", "a NUL byte")]
    [InlineData("csv", "id,\"text\"x\n1,今\n", "text after the closing quote of field 2")]
    [InlineData("csv", "id,\"text\n1,今\n", "the input ends inside quotes that open in the header")]
    public void R10_HeaderWithoutTheStructure_IsMalformed(string format, string input, string error)
    {
        GauRun run = gau.Run($"score - --format {format}", input);
        run.Code.Should().Be(65);
        run.Error.TrimEnd().Split('\n')[^1].Should().StartWith("error: standard input: line 1: ").And.Contain(
            error.Replace("\t", "\\u0009", StringComparison.Ordinal));
        run.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("id,text")]
    [InlineData("id;text\n")]
    [InlineData("text\r\n")]
    [InlineData("\"text\",\"id\"\r")]
    public void R10_HeaderOnly_HasNoRecords(string input)
    {
        GauRun run = gau.Run("score - --format csv --output-format csv", input);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be("id,label,score,p_a,p_b,p_c,tokens,truncated,empty,error\n");
        run.Error.Should().StartWith("gau: 0 records (0 rejected, ");
    }

    [Fact]
    public void R10_SemicolonsOrTabs_GiveTheScoresOfCommas()
    {
        const string Commas = "id,text\n1,今天\n\"2\",\"天;\"\"气\"\"\t\n。\"\n3,\n";
        GauRun run = gau.Run("score - --format csv", Commas);
        run.Lines.Should().HaveCount(3).And.OnlyContain(row => row.Contains("\"label\""));
        gau.Run("score - --format csv", Commas.Replace(',', ';')).Output.Should().Be(run.Output);
        gau.Run("score - --format tsv", Commas.Replace(',', '\t')).Output.Should().Be(run.Output);
    }
}
