using GauRuntime.Weights;
using ZstdSharp.Unsafe;

namespace GauRuntime.Scoring.Formats.Compressed;

/// <summary>Zstandard: frames, one after the other.</summary>
/// <remarks>
/// The library's stream loses what it had decompressed when it meets a fault, and does not say at which byte it did;
/// hence its functions.
/// </remarks>
internal sealed unsafe class ZstandardInput : DecompressedStream
{
    /// <summary>The greatest window, 128 MiB, as a power of 2; what the zstd program allows as well.</summary>
    private const int LargestWindow = 27;

    private ZSTD_DCtx_s* context;
    private bool inFrame;

    public ZstandardInput(StreamBuffer input, string name)
        : base(input, name)
    {
        context = Methods.ZSTD_createDCtx();
        Methods.ZSTD_DCtx_setParameter(context, ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
    }

    ~ZstandardInput() => Dispose(disposing: false);

    protected override int Decode(Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(context is null, this);
        while (true)
        {
            bool ended = !Input.Fill();
            if (ended && !inFrame)
                return 0;
            int written = DecodeAvailable(output);
            if (written > 0)
                return written;
            if (ended && inFrame)
                throw Malformed("the Zstandard data end in the middle of a frame");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (context is not null)
            Methods.ZSTD_freeDCtx(context);
        context = null;
        base.Dispose(disposing);
    }

    private int DecodeAvailable(Span<byte> output)
    {
        fixed (byte* source = Input.Available)
        fixed (byte* destination = output)
        {
            ZSTD_inBuffer_s from = new() { src = source, size = (nuint)Input.Available.Length };
            ZSTD_outBuffer_s to = new() { dst = destination, size = (nuint)output.Length };
            nuint left = Methods.ZSTD_decompressStream(context, &to, &from);
            Input.Advance((int)from.pos);
            if (Methods.ZSTD_isError(left))
                throw Fault(Methods.ZSTD_getErrorCode(left));
            inFrame = left != 0;
            return (int)to.pos;
        }
    }

    private GauFormatException Fault(ZSTD_ErrorCode code) => Malformed(code switch
    {
        ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge =>
            $"the Zstandard frame needs a window of more than {1 << (LargestWindow - 20)} MiB",
        ZSTD_ErrorCode.ZSTD_error_prefix_unknown => "what follows the last Zstandard frame is none",
        ZSTD_ErrorCode.ZSTD_error_checksum_wrong => "the checksum of the Zstandard frame is wrong",
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong => "the Zstandard frame needs a dictionary",
        _ => "the Zstandard data are corrupt",
    });
}
