using GauRuntime.Tools;

namespace GauRuntime.Convert.Tests.Reports;

public sealed class PercentTests
{
    [Theory]
    [InlineData(0.5, null, "50 %")]
    [InlineData(0.12345, null, "12.35 %")]
    [InlineData(0.0012345, null, "0.1235 %")]   // below 1 %, four decimals
    [InlineData(0.01, null, "1 %")]
    [InlineData(0, null, "0 %")]
    [InlineData(0.5, "0.00", "50.00 %")]
    public void Of_AShare_IsWrittenInPercent(double share, string? format, string written) =>
        Percent.Of(share, format).Should().Be(written);

    [Fact]
    public void Of_ASingle_IsCountedAsOne() => Percent.Of(0.9918973f, "0.00").Should().Be("99.19 %");
}
