using System.Text;

namespace GauRuntime.Cli.Tests;

/// <summary>A command run in this process.</summary>
internal sealed record GauRun(int Code, string Output, string Error)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static GauRun Of(params string[] args) => Of(args, "", []);

    public static GauRun Of(string[] args, string input, Dictionary<string, string> environment) =>
        Of(args, Encoding.UTF8.GetBytes(input), environment);

    public static GauRun Of(string[] args, byte[] input, Dictionary<string, string> environment)
    {
        using MemoryStream output = new();
        using StringWriter error = new();
        CommandHost host = new()
        {
            OpenInput = () => new MemoryStream(input),
            OpenOutput = () => new Unclosed(output),
            Error = error,
            Environment = environment.GetValueOrDefault,
            CancelCode = () => 0,
        };
        int code = GauProgram.Run(args, host);
        return new GauRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
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
