using FluentAssertions;
using Xunit;

namespace GauRuntime.Weights.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("模型 a-b.bin", "模型 a-b.bin")]
    [InlineData("a\nb\tc\u001b[31m", "a\\u000ab\\u0009c\\u001b[31m")]
    [InlineData("a\u202Eb\u2028c\u200Bd", "a\\u202eb\\u2028c\\u200bd")]
    [InlineData("😀", "😀")]
    public void OneLine_AnyText_CannotBreakOrReorderALine(string text, string expected) =>
        Printable.OneLine(text).Should().Be(expected);

    [Fact]
    public void OneLine_LongText_IsShortened() =>
        Printable.OneLine(new string('x', 10_000)).Should().HaveLength(301).And.EndWith("…");
}
