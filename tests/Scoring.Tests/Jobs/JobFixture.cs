using System.Text;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>A tiny model, an input of 300 records of which some are bad, and jobs over it.</summary>
public sealed class JobFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;
    private int outputs;

    public JobFixture()
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, TinyModel.Sequence);
        // To the tick of DateTime, so that a test can change it and put it back.
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        model = GauModel.Load(path);
        StringBuilder input = new();
        for (int i = 0; i < 300; i++)
            input.Append(i % 9 == 4 ? "{\"id\":1}\n" : $"{{\"id\":{i},\"text\":\"今天天气{i % 100}\"}}\n");
        Input = folder.Write("in.jsonl", input.ToString());
        (string output, string rejects) = NewOutput();
        Run(new JobOutput { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines });
        Expected = File.ReadAllText(output);
        ExpectedRejects = File.ReadAllText(rejects);
    }

    /// <summary>The input's path.</summary>
    public string Input { get; }

    /// <summary>The model's path.</summary>
    public string ModelPath => model.File.Path;

    /// <summary>What a run that nothing interrupted writes.</summary>
    public string Expected { get; }

    /// <summary>Its rejects file.</summary>
    public string ExpectedRejects { get; }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    /// <summary>Paths in a new folder.</summary>
    public (string Output, string Rejects) NewOutput()
    {
        string path = folder.Path($"job{outputs++}");
        Directory.CreateDirectory(path);
        return (Path.Combine(path, "out.jsonl"), Path.Combine(path, "rejects.jsonl"));
    }

    /// <summary>Runs a job with small batches and a journal entry after each.</summary>
    internal RunTotals Run(
        JobOutput output, IJobStorage? storage = null, string? input = null, int maxLength = 64, int? stopAfter = null,
        long? maxRejects = null, Action<int>? onRead = null, RecordFormat? inputFormat = null,
        Func<GauModel, RecordTask>? task = null, List<string>? notes = null, Action<ScoringJob>? onEnd = null)
    {
        using ScoringJob job = ScoringJob.Open(
            output with { CheckpointInterval = TimeSpan.Zero }, storage ?? FailingStorage.Never);
        if (job.IsFinished)
            return new RunTotals();
        if (notes is not null)
            job.Note = notes.Add;
        using CancellationTokenSource stop = new();
        InputFile file = InputFile.Find(input ?? Input, inputFormat);
        int reads = 0;
        Stream Open() => new CallbackStream(file.Open(), Math.Max(512, (int)file.Length!.Value / 40), () =>
        {
            reads++;
            onRead?.Invoke(reads);
            if (reads != stopAfter)
                return;
            if (output.Compression == Compression.None)
                WaitForEntries(output.Path);
            else
                Thread.Sleep(200);   // let some frames be written
            stop.Cancel();
        });
        using RecordSource source = new(
            [file with { Name = "in.jsonl", Open = Open }], new RecordFields(), shard: output.Shard);
        ScoringRun run = new(
            (task ?? RecordTask.Score)(model), source,
            new ScoringOptions { Threads = 2, BatchTokens = 64, MaxLength = maxLength, MaxRejects = maxRejects },
            output.Format);
        try
        {
            job.Run(run, stop.Token);
            return run.Totals;
        }
        finally
        {
            onEnd?.Invoke(job);
        }
    }

    /// <summary>What sets a job apart from others; over the input where no others are named.</summary>
    internal JobFingerprint Fingerprint(
        RecordFields fields, IReadOnlyList<InputFile>? inputs = null, int maxLength = 64, JobOutput? output = null,
        int longestLine = RecordSource.DefaultLongestLine, bool byteOrderMark = false)
    {
        using RecordSource source = new(inputs ?? [InputFile.Find(Input, null)], fields, longestLine);
        ScoringRun run = new(
            RecordTask.Score(model), source, new ScoringOptions { MaxLength = maxLength }, RecordFormat.JsonLines)
        {
            ByteOrderMark = byteOrderMark,
        };
        return JobFingerprint.Of(run, output ?? new JobOutput { Path = "out.jsonl", Format = RecordFormat.JsonLines });
    }

    /// <summary>Waits until a journal holds a header and some entries, for a run whose reader is held up here.</summary>
    public static void WaitForEntries(string output) =>
        ChildProcess.Until(() => new FileInfo(output + ".journal") is { Exists: true, Length: > 1200 });

    // Reads in small pieces, and says so each time.
    private sealed class CallbackStream(Stream inner, int piece, Action onRead) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            onRead();
            return inner.Read(buffer[..Math.Min(buffer.Length, piece)]);
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
