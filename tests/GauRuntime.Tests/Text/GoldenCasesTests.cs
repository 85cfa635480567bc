using System.Text.Json;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Every case of tests/fixtures/tokenizer/cases.json; its README says how they were made.</summary>
public sealed class GoldenCasesTests
{
    private static readonly JsonElement Cases = TokenizerFixture.Json("cases.json");

    [Fact]
    public void Encode_EveryGoldenText_GivesTheIdsOfBothUpstreams()
    {
        GauTokenizer keras = TokenizerFixture.Tiny(Dialect.Keras), port = TokenizerFixture.Tiny(Dialect.Port);
        JsonElement texts = Cases.GetProperty("texts");
        texts.GetArrayLength().Should().Be(27);
        foreach (JsonElement item in texts.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            keras.Ids(text).Should().Equal(Numbers(item, "bert4keras_ids"), "bert4keras reads {0} so", text);
            port.Ids(text, parseSpecial: true).Should().Equal(
                Numbers(item, "hf_ids"), "Hugging Face reads {0} so", text);
        }
    }

    [Fact]
    public void Encode_EveryGoldenPair_GivesIdsAndSegmentsOfBothUpstreams()
    {
        JsonElement pairs = Cases.GetProperty("pairs");
        pairs.GetArrayLength().Should().Be(11);
        foreach (JsonElement item in pairs.EnumerateArray())
        {
            Check(item, Dialect.Keras, "bert4keras_ids", "bert4keras_segments");
            Check(item, Dialect.Port, "hf_slow_ids", "bert_segments");
        }
    }

    [Fact]
    public void Encode_EveryCasedGoldenText_KeepsCaseAndAccents()
    {
        GauTokenizer keras = TokenizerFixture.Tiny(Dialect.Keras, lowerCase: false),
            port = TokenizerFixture.Tiny(Dialect.Port, lowerCase: false);
        foreach (JsonElement item in Cases.GetProperty("cased").EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            keras.Ids(text).Should().Equal(Numbers(item, "bert4keras_ids"));
            port.Ids(text).Should().Equal(Numbers(item, "bert4keras_ids"));
        }
    }

    private static void Check(JsonElement item, Dialect rules, string ids, string segments)
    {
        GauTokenizer tokenizer = TokenizerFixture.Tiny(rules);
        string first = item.GetProperty("first").GetString()!;
        string? second = item.GetProperty("second").GetString();
        int maxLength = item.GetProperty("maxlen").ValueKind == JsonValueKind.Null
            ? int.MaxValue
            : item.GetProperty("maxlen").GetInt32();
        var encoded = new EncodedText();
        if (second is null)
            tokenizer.Encode(first, encoded, maxLength);
        else
            tokenizer.EncodePair(first, second, encoded, SegmentPolicy.Pairs, maxLength);
        encoded.Ids.ToArray().Should().Equal(Numbers(item, ids), "{0} | {1} at {2}", first, second, maxLength);
        encoded.Segments.ToArray().Should().Equal(Numbers(item, segments));
        encoded.Spans.Length.Should().Be(encoded.Ids.Length);
    }

    private static int[] Numbers(JsonElement item, string name) =>
        [.. item.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
