using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class InputDigestTests
{
    [Fact]
    public void Digest_TheSameBytesInOtherFiles_IsAnother()
    {
        Digest("a\nb\n", "c\n").Should().Be(Digest("a\nb\n", "c\n"));
        Digest("a\nb\n", "c\n").Should().NotBe(Digest("a\n", "b\nc\n"));
        Digest("a\n").Should().NotBe(Digest("a\n", ""));
    }

    private static UInt128 Digest(params string[] contents)
    {
        using RecordSource source = new(
            [.. contents.Select(content => new InputFile(
                "in.txt", RecordFormat.Text, null, () => new MemoryStream(Encoding.UTF8.GetBytes(content))))],
            new RecordFields());
        source.Skip(long.MaxValue);
        return source.Digest;
    }
}
