using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.TestSupport;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>What a pipe brought is scored and written while it pauses, as behind <c>tail -f</c>.</summary>
public sealed class PauseTests
{
    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"text\":\"今天\"}\n", "{\"text\":\"天气\"}\n")]
    [InlineData(RecordFormat.JsonLines, "{\"id\":7,\"text\":\"今天\"}\n", "{\"id\":8,\"text\":\"天气\"}\n")]
    [InlineData(RecordFormat.JsonLines, "{\"text\":\"今天\"}\n{\"text\":", "\"天气\"}\n")]
    [InlineData(RecordFormat.Csv, "id,text\na,今天\n", "b,天气\n")]
    [InlineData(RecordFormat.Tsv, "id\ttext\na\t今天\n", "b\t天气\n")]
    [InlineData(RecordFormat.Text, "今天\n", "天气\n")]
    public void Write_InputPauses_RowsLeaveBeforeItGoesOn(RecordFormat format, string first, string second)
    {
        using TemporaryFolder folder = new();
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        using ManualResetEventSlim left = new();
        using PausedPipe pipe = new(first, second, left);
        using RecordSource source = new([new InputFile("pipe", format, null, () => pipe)], new RecordFields());
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { Threads = 2 }, RecordFormat.JsonLines);
        using SignallingStream output = new(left);
        run.Write(output, null, CancellationToken.None);
        string[] rows = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Should().HaveCount(2).And.OnlyContain(row => row.Contains("\"label\":"));
        pipe.WasWaitedFor.Should().BeTrue();
    }

    [Fact]
    public void WaitForData_NothingComes_IsFalseAndLosesNothing()
    {
        using ManualResetEventSlim go = new();
        using PausedPipe pipe = new("abcdef", "gh", go);
        using ByteSource bytes = new(pipe, "pipe");
        bytes.FillSoon(7).Should().BeNull();
        bytes.Available.ToArray().Should().Equal("abcdef"u8.ToArray());
        go.Set();
        bytes.FillSoon(7).Should().BeTrue();
        bytes.FillSoon(9).Should().BeFalse();
        bytes.Available.ToArray().Should().Equal("abcdefgh"u8.ToArray());
    }

    // Brings a part, and the other when it is told to.
    private sealed class PausedPipe(string first, string second, ManualResetEventSlim go) : PausingStream
    {
        private readonly Queue<byte[]> parts = new([Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second)]);

        public bool WasWaitedFor { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override bool WaitForData(TimeSpan patience) => parts.Count != 1 || go.Wait(patience);

        public override int Read(Span<byte> buffer)
        {
            if (parts.Count == 1 && !go.Wait(ChildProcess.Patience))
                throw new TimeoutException("no row left");
            WasWaitedFor |= parts.Count == 1;
            if (!parts.TryDequeue(out byte[]? part))
                return 0;
            part.CopyTo(buffer);
            return part.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class SignallingStream(ManualResetEventSlim written) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            if (buffer.Length > 0)
                written.Set();
        }
    }
}
