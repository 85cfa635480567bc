using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>
/// Words against Python's str.lower, normalize and category: tests/fixtures/tokenizer/make_words.py, Python 3.11.
/// </summary>
public sealed class PythonWordsTests
{
    private static readonly JsonElement Cases = TokenizerFixture.Json("words.json").GetProperty("cases");

    [Theory]
    [InlineData(Dialect.Port, true, "port")]
    [InlineData(Dialect.Keras, true, "keras")]
    [InlineData(Dialect.Port, false, "port_cased")]
    [InlineData(Dialect.Keras, false, "keras_cased")]
    public void Words_RandomTextsOfAllCategories_EqualPython(Dialect rules, bool lowerCase, string expected)
    {
        Cases.GetArrayLength().Should().Be(801);
        foreach (JsonElement item in Cases.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            string[] words = [.. item.GetProperty(expected).EnumerateArray().Select(word => word.GetString()!)];
            TokenizerFixture.Words(text, rules, lowerCase).Should().Equal(
                words, "that is how Python reads {0}", Printed(text));
        }
    }

    private static string Printed(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => $"U+{rune.Value:X4}"));
}
