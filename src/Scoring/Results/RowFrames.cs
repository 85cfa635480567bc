using System.Buffers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>Gathers rows into members of gzip or frames of Zstandard.</summary>
/// <remarks>
/// Where a frame ends depends on the rows alone, never on when they came: a job that goes on behind a frame makes the
/// bytes of one that was not interrupted.
/// </remarks>
internal sealed class RowFrames(Compression compression) : IDisposable
{
    /// <summary>A frame ends with the row that brings it to so many bytes.</summary>
    public const int FrameBytes = 256 << 10;

    private readonly RowCompression compressor = new(compression);
    private readonly ArrayBufferWriter<byte> rows = new();
    private readonly ArrayBufferWriter<byte> frame = new();

    /// <summary>Whether rows wait for the end of their frame.</summary>
    public bool HasRows => rows.WrittenCount > 0;

    /// <summary>The frame that was closed last.</summary>
    public ReadOnlySpan<byte> Frame => frame.WrittenSpan;

    /// <summary>Adds a row, or a header.</summary>
    /// <returns>Whether that closed a frame.</returns>
    public bool Add(ReadOnlySpan<byte> row)
    {
        rows.Write(row);
        if (rows.WrittenCount < FrameBytes)
            return false;
        Close();
        return true;
    }

    /// <summary>Closes the frame, be it empty.</summary>
    public void Close()
    {
        frame.ResetWrittenCount();
        compressor.Append(rows.WrittenSpan, frame);
        rows.ResetWrittenCount();
    }

    public void Dispose() => compressor.Dispose();
}
