using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Where records end does not depend on how many bytes are there at once.</summary>
public sealed class LineReaderTests
{
    private static readonly Gen<string> Content = Gen.Int[0, 7].Select(i => "aa,;\"\"\n\r"[i]).Array[0, 60].Select(
        c => new string(c));

    // Of one byte at a time none can be stepped over.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_ContentInPieces_GivesTheRecordsOfTheWhole(int length) =>
        Gen.Select(Content, Gen.Int[0, 2].Select(i => ",;"[..i]), Gen.Bool).Sample((content, delimiters, quotes) =>
        {
            string[] pieces = [.. content.Chunk(length).Select(piece => new string(piece))];
            using GeneratedStream inPieces = new(pieces.Length, i => pieces[i]);
            using MemoryStream whole = new(Encoding.UTF8.GetBytes(content));
            Records(whole, delimiters, quotes).Should().Equal(Records(inPieces, delimiters, quotes));
        });

    [Theory]
    [InlineData("a,\"b\nc\",d\ne\n", "1 0 a,\"b\nc\",d", "3 10 e")]
    [InlineData("a\"b\nc\n", "1 0 a\"b", "2 4 c")]
    [InlineData("\"a\"\"\n\"\r\"b\"\r\nc", "1 0 \"a\"\"\n\"", "3 7 \"b\"", "4 12 c")]
    [InlineData("\"a\"b\"c\nd\n", "1 0 \"a\"b\"c", "2 7 d")]
    public void Read_Quotes_HoldLineEndsOnlyWhereTheyBeginAField(string content, params string[] records)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(content));
        Records(stream, ",", quotes: true).Should().Equal(records);
    }

    private static List<string> Records(Stream content, string delimiters, bool quotes)
    {
        using ByteSource bytes = new(content, "");
        LineReader lines = new(bytes, longest: 40)
        {
            Delimiters = Encoding.UTF8.GetBytes(delimiters),
            Quotes = quotes,
        };
        List<string> records = [];
        while (lines.Read())
            records.Add(
                $"{lines.Number} {lines.Offset} {Encoding.UTF8.GetString(lines.Line)}"
                + $"{(lines.TooLong ? " too long" : "")}{(lines.Unclosed ? " unclosed" : "")}");
        return records;
    }
}
