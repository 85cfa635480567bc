using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class ResultRowsTests
{
    private static readonly string[] Columns =
        ["label", "score", "p_甲", "p_b", "labels", "tokens", "truncated", "empty"];

    [Fact]
    public void JsonLines_AllKindsOfValues_AreOneObjectPerLine() => Rows(RecordFormat.JsonLines).Should().Be(
        """
        {"id":"x,\"1\"","label":"甲\n","score":0.1,"probabilities":{"甲":0.1,"b":1E-10},"labels":["甲"],"tokens":5,"truncated":true,"empty":true,"fields":{"k":1}}
        {"id":7,"error":"no field 'text'"}

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Csv_AllKindsOfValues_AreCells() => Rows(RecordFormat.Csv).Should().Be(
        "id,label,score,p_甲,p_b,labels,tokens,truncated,empty,fields,error\n"
        + "\"x,\"\"1\"\"\",\"甲\n\",0.1,0.1,1E-10,\"[\"\"甲\"\"]\",5,true,true,\"{\"\"k\"\":1}\",\n"
        + "7,,,,,,,,,,no field 'text'\n");

    [Fact]
    public void Tsv_AllKindsOfValues_AreCells() =>
        Rows(RecordFormat.Tsv).Should().Contain("7\t\t\t\t\t\t\t\t\t\tno field 'text'\n");

    [Fact]
    public void Numbers_UnderACultureWithCommas_AreTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        // Invariant globalization knows no cultures, so the comma is set by hand.
        CultureInfo commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = commas;
        try
        {
            Rows(RecordFormat.Csv).Should().Contain("0.1,0.1,1E-10");
            Rows(RecordFormat.JsonLines).Should().Contain("\"score\":0.1,");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void RejectLine_NotUtf8_KeepsTheBytes()
    {
        ArrayBufferWriter<byte> output = new();
        RejectLine.Write(
            new TextRecord { Number = 3, Id = RecordId.OfNumber(3), Place = new RecordPlace("f", 4, 90), Raw = [0x61, 0xFF], Error = "bad" }, "bad", output);
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(
            "{\"id\":3,\"error\":\"bad\",\"file\":\"f\",\"record\":3,\"line\":4,\"offset\":90,\"base64\":\"Yf8=\"}\n");
    }

    private static string Rows(RecordFormat format)
    {
        ArrayBufferWriter<byte> output = new();
        using ResultRows rows = ResultRows.Create(format, Columns, new RecordFields { KeepOthers = true });
        rows.Header(output);
        rows.Begin();
        rows.Text("label", "甲\n");
        rows.Number("score", 0.1f);
        rows.Probabilities(["甲", "b"], [0.1f, 1e-10f]);
        Utf8JsonWriter json = rows.BeginNested("labels");
        json.WriteStartArray();
        json.WriteStringValue("甲");
        json.WriteEndArray();
        rows.EndNested();
        rows.Count("tokens", 5);
        rows.Flag("truncated", true);
        rows.RareFlag("empty", true);
        rows.Row(RecordId.OfText("x,\"1\""), rows.End().ToArray(), "\"k\":1", output);
        rows.Reject(RecordId.OfNumber(7), "no field 'text'", output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
