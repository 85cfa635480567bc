using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>Bytes of any lengths leave in whole pieces, in order.</summary>
public sealed class PieceWriterTests
{
    private const int Piece = 4 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1, 63, 0, 64)]
    [InlineData(Piece - 1, 1, 1)]
    [InlineData(Piece, Piece)]
    [InlineData(100, 2 * Piece + 7, 5, Piece - 1)]
    public void Write_AnyLengths_LeaveInPiecesAtTheirMultiples(params int[] lengths)
    {
        byte[] all = new byte[lengths.Sum()];
        new Random(1).NextBytes(all);
        using RecordingStream stream = new();
        PieceWriter writer = new(stream);
        int start = 0;
        foreach (int length in lengths)
        {
            writer.Write(all.AsSpan(start, length));
            start += length;
        }
        writer.Flush();
        stream.ToArray().Should().Equal(all);
        stream.Lengths.SkipLast(1).Should().AllBeEquivalentTo(Piece);
    }

    private sealed class RecordingStream : MemoryStream
    {
        public List<int> Lengths { get; } = [];

        public override void Write(byte[] buffer, int offset, int count)
        {
            Lengths.Add(count);
            base.Write(buffer, offset, count);
        }
    }
}
