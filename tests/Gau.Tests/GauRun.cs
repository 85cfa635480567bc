using System.Text;

namespace GauRuntime.Cli.Tests;

/// <summary>A command run in this process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, but for <see cref="MemoryLine"/>.</param>
/// <param name="Memory">That line, or nothing.</param>
internal sealed record GauRun(int Code, string Output, string Error, string Memory)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static GauRun Of(params string[] args) => Of(args, "", []);

    public static GauRun Of(string[] args, string input, Dictionary<string, string> environment) =>
        Of(args, Encoding.UTF8.GetBytes(input), environment);

    public static GauRun Of(string[] args, byte[] input, Dictionary<string, string> environment) =>
        Of(args, () => new MemoryStream(input), environment, TimeProvider.System);

    /// <summary>Runs a command whose input may do things while it is read.</summary>
    public static GauRun Of(
        string[] args, Func<Stream> input, Dictionary<string, string> environment, TimeProvider clock,
        CancellationToken cancel = default)
    {
        using MemoryStream output = new();
        using StringWriter error = new();
        CommandHost host = new()
        {
            OpenInput = input,
            OpenOutput = () => new Unclosed(output),
            Error = error,
            Environment = environment.GetValueOrDefault,
            Clock = clock,
            Cancel = cancel,
            CancelCode = () => cancel.IsCancellationRequested ? 143 : 0,
        };
        int code = GauProgram.Run(args, host);
        (string memory, string rest) = MemoryLine.Take(error.ToString());
        return new GauRun(code, Encoding.UTF8.GetString(output.ToArray()), rest, memory);
    }

    // The command disposes what it opened; the test still reads it.
    private sealed class Unclosed(MemoryStream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
