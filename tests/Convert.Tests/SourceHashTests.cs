using System.Security.Cryptography;
using GauRuntime.Convert.Conversion;

namespace GauRuntime.Convert.Tests;

public sealed class SourceHashTests
{
    [Fact]
    public void Of_OneFile_IsItsSha256()
    {
        using TemporaryFolder folder = new();
        // printf abc | sha256sum
        SourceHash.Of([folder.Write("a", "abc")]).Should().Be(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    [Fact]
    public void Of_TheSameBytesInOtherFiles_IsAnother()
    {
        using TemporaryFolder folder = new();
        string first = SourceHash.Of([folder.Write("a", "abc"), folder.Write("b", "d")]);
        // for part in abc d; do printf $part | sha256sum | cut -c1-64; done | sha256sum
        first.Should().Be("98d672335ff123157b680cf00056a1d1f264b7fff44aa2b6d2ded465e4c18b89");
        SourceHash.Of([folder.Write("a", "ab"), folder.Write("b", "cd")]).Should().NotBe(first);
    }

    /// <summary>Beside .NET's, which is OpenSSL's: around the ends of blocks and of what is read at once.</summary>
    [Fact]
    public void PortableSha256_AnyLength_IsTheDigestOfOpenSsl()
    {
        byte[] bytes = new byte[200_000];
        new Random(256).NextBytes(bytes);
        int[] lengths =
            [.. Enumerable.Range(0, 200), .. Enumerable.Range(65_530, 12), .. Enumerable.Range(131_060, 20), bytes.Length];
        foreach (int length in lengths)
        {
            using MemoryStream stream = new(bytes, 0, length);
            PortableSha256.HashData(stream).Should().Equal(SHA256.HashData(bytes.AsSpan(0, length)), "of {0} bytes", length);
        }
    }
}
