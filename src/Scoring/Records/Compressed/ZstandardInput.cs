using GauRuntime.Weights;
using ZstdSharp.Unsafe;

namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>Zstandard: frames, one after the other.</summary>
/// <remarks>
/// The library's stream loses what it had decompressed when it meets a fault, and does not say at which byte it did;
/// hence its functions. Windows are limited to what a run counts on: those of files are known to be Zstandard before it
/// starts, a pipe can hold anything.
/// </remarks>
internal sealed unsafe class ZstandardInput : DecompressedStream
{
    // The greatest windows as powers of 2: 128 MiB, which the zstd program allows as well, and 8 MiB, which every
    // program should allow and levels up to 19 stay within.
    private const int FileWindow = 27, PipeWindow = 23;

    private readonly int largestWindow;
    private ZSTD_DCtx_s* context;
    private bool inFrame;

    public ZstandardInput(StreamBuffer input, string name, bool isFile)
        : base(input, name)
    {
        largestWindow = isFile ? FileWindow : PipeWindow;
        context = Methods.ZSTD_createDCtx();
        Methods.ZSTD_DCtx_setParameter(context, ZSTD_dParameter.ZSTD_d_windowLogMax, largestWindow);
    }

    ~ZstandardInput() => Dispose(disposing: false);

    /// <summary>What a decompressor takes at most.</summary>
    /// <param name="isFile">Whether one of the inputs is a file of Zstandard.</param>
    public static long WindowBytes(bool isFile) => (1L << (isFile ? FileWindow : PipeWindow)) + (1 << 20);

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
            $"the Zstandard frame needs a window of more than {1 << (largestWindow - 20)} MiB"
            + (largestWindow == FileWindow ? "" : ", the most from a pipe; name the file as input"),
        ZSTD_ErrorCode.ZSTD_error_prefix_unknown => "the bytes after the last Zstandard frame are not another one",
        ZSTD_ErrorCode.ZSTD_error_checksum_wrong => "the checksum of the Zstandard frame is wrong",
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong => "the Zstandard frame needs a dictionary",
        _ => "the Zstandard data are corrupt",
    });
}
