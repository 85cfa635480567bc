using System.Buffers;
using System.Diagnostics;
using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class RowCompressionTests
{
    private static readonly byte[] Rows = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"id\":{i},\"label\":\"甲\"}}\n")));

    // What begins otherwise could be taken for a file of another kind.
    private static readonly Gen<byte[][]> Frames = Gen.Byte.Array[0, 2000]
        .Select(frame => frame.Length == 0 ? frame : [(byte)'{', .. frame[1..]]).Array[1, 5];

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstandard)]
    public void Append_AnyRows_AreReadBack(Compression compression) => Frames.Sample(frames =>
    {
        using RowCompression rows = new(compression);
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] frame in frames)
            rows.Append(frame, output);
        if (compression == Compression.None)
            output.WrittenSpan.ToArray().Should().Equal(frames.SelectMany(f => f));
        else
            Decompressed(output.WrittenSpan.ToArray()).Should().Equal(frames.SelectMany(f => f));
    });

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstandard)]
    public void Append_TheSameRows_GivesTheSameBytesWhateverCameBefore(Compression compression)
    {
        byte[] first = Compressed(compression, Rows);
        using RowCompression rows = new(compression);
        ArrayBufferWriter<byte> output = new();
        rows.Append(Rows.AsSpan(77, 3000), output);
        int start = output.WrittenCount;
        rows.Append(Rows, output);
        output.WrittenSpan[start..].ToArray().Should().Equal(first);
        first.Length.Should().BeLessThan(Rows.Length / 5);
    }

    [Theory]
    [InlineData(Compression.Gzip, "gzip")]
    [InlineData(Compression.Zstandard, "zstd")]
    public void Append_SeveralFrames_AreReadByTheUsualProgram(Compression compression, string program)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("rows" + Compressions.Extension(compression), [
            .. Compressed(compression, Rows), .. Compressed(compression, []), .. Compressed(compression, Rows),
        ]);
        ProcessStartInfo start = new(program, ["-dc", path]) { RedirectStandardOutput = true };
        using Process? process = Started(start);
        Assert.SkipWhen(process is null, $"there is no {program} here");
        using MemoryStream output = new();
        process!.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
        output.ToArray().Should().Equal([.. Rows, .. Rows]);
    }

    private static byte[] Compressed(Compression compression, byte[] content)
    {
        using RowCompression rows = new(compression);
        ArrayBufferWriter<byte> output = new();
        rows.Append(content, output);
        return output.WrittenSpan.ToArray();
    }

    private static List<byte> Decompressed(byte[] content)
    {
        using ByteSource source = new(new MemoryStream(content), "rows");
        source.IsCompressed.Should().BeTrue();
        List<byte> read = [];
        while (source.Fill())
        {
            read.AddRange(source.Available);
            source.Advance(source.Available.Length);
        }
        return read;
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
