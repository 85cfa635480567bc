using System.Diagnostics;
using System.Globalization;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Runs alone: what other tests hold would count as its own.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
public sealed class SoakCollection;

/// <summary>
/// Half an hour of texts of random lengths, models opened and closed, jobs cancelled and gone on with. The environment
/// variable GAU_SOAK_MINUTES is another length, with which the test runs at every level.
/// </summary>
[Collection(nameof(SoakTests))]
public sealed class SoakTests : IDisposable
{
    private const int Texts = 120, LongestText = 1500;

    private static readonly RecordFormat[] Formats =
        [RecordFormat.JsonLines, RecordFormat.Csv, RecordFormat.Parquet, RecordFormat.Arrow];

    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(20261130);
    private readonly string[] texts;
    private readonly string[] models;
    private readonly Dictionary<string, float[][]> vectors = [];
    private readonly Dictionary<RecordFormat, byte[]> results = [];
    private readonly string input;

    public SoakTests()
    {
        texts = [.. Enumerable.Range(0, Texts).Select(_ => RandomText())];
        input = folder.Write("in.jsonl", string.Concat(texts.Select((text, i) => $"{{\"id\":{i},\"text\":\"{text}\"}}\n")));
        models = [.. ArchitectureTraits.All.Select(entry => WriteModel(entry.Architecture))];
        foreach (string path in models)
        {
            using GauModel model = GauModel.Load(path);
            vectors.Add(path, [.. texts.Select(text => new GauEmbedder(model).Embed(text).Vector.ToArray())]);
        }
        foreach (RecordFormat format in Formats)
        {
            RunJob(format, stopAfter: null).Should().BeTrue();
            results.Add(format, File.ReadAllBytes(Output(format)));
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Soak_TextsModelsAndJobs_ChangeNoResultAndLeaveNothingBehind()
    {
        string? asked = Environment.GetEnvironmentVariable("GAU_SOAK_MINUTES");
        if (asked is null)
            TestLevel.RequireLong();
        TimeSpan time = TimeSpan.FromMinutes(asked is null ? 30 : double.Parse(asked, CultureInfo.InvariantCulture));
        long start = Stopwatch.GetTimestamp();
        Held? before = null;   // once everything has been compiled and used, at a quarter of the time
        int rounds = 0;
        for (; Stopwatch.GetElapsedTime(start) < time || before is null; rounds++)
        {
            UseAModel();
            RunAJob();
            if (before is null && Stopwatch.GetElapsedTime(start) > time / 4)
                before = Held.Now();
        }
        Held after = Held.Now();
        string said = $"{rounds} rounds: {before}, then {after}";
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        after.Handles.Should().BeLessThanOrEqualTo(before.Handles + 10, "{0}", said);
        after.Threads.Should().BeLessThanOrEqualTo(before.Threads + 10, "{0}", said);
        after.ManagedBytes.Should().BeLessThanOrEqualTo(before.ManagedBytes + (4 << 20), "{0}", said);
        after.ResidentBytes.Should().BeLessThanOrEqualTo(before.ResidentBytes + (64 << 20), "{0}", said);
        string[] left = [input, .. models, .. Formats.Select(Output)];
        folder.Files.Should().BeEquivalentTo(left.Select(path => Path.GetFileName(path)));
    }

    // Some texts, in other company every time, in one call or several.
    private void UseAModel()
    {
        string path = models[random.Next(models.Length)];
        using GauModel model = GauModel.Load(path, maxConcurrency: 1 + random.Next(3));
        GauEmbedder embedder = new(model);
        int[] chosen = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => random.Next(texts.Length))];
        IReadOnlyList<TextEmbedding> found = embedder.Embed([.. chosen.Select(i => texts[i])]);
        for (int i = 0; i < chosen.Length; i++)
            found[i].Vector.Span.SequenceEqual(vectors[path][chosen[i]]).Should().BeTrue("text {0} of {1}", chosen[i], path);
    }

    // Cancelled at random places until it comes to its end.
    private void RunAJob()
    {
        RecordFormat format = Formats[random.Next(Formats.Length)];
        File.Delete(Output(format));
        while (!RunJob(format, stopAfter: random.Next(2 * Texts)))
        {
        }
        File.ReadAllBytes(Output(format)).AsSpan().SequenceEqual(results[format]).Should().BeTrue($"{format}");
    }

    // Whether it came to its end.
    private bool RunJob(RecordFormat format, int? stopAfter)
    {
        JobOutput output = new()
        {
            Path = Output(format), Format = format, Resume = true, CheckpointInterval = TimeSpan.Zero,
        };
        using GauModel model = GauModel.Load(models[0]);
        using ScoringJob job = ScoringJob.Open(output);
        if (job.IsFinished)
            return true;
        using CancellationTokenSource stop = new();
        int seen = 0;
        using RecordSource source = new([InputFile.Find(input, null)], new RecordFields())
        {
            Check = _ =>
            {
                if (++seen == stopAfter)
                    stop.Cancel();
                return null;
            },
        };
        try
        {
            job.Run(
                new ScoringRun(
                    RecordTask.Score(model), source, new ScoringOptions { Threads = 2, BatchTokens = 512 }, format),
                stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private string Output(RecordFormat format) => folder.Path("out" + RecordFormats.Extension(format));

    private string WriteModel(Architecture architecture)
    {
        string path = folder.Path($"{architecture}.safetensors");
        TinyModel.Write(path, TinyModel.HeadOf(architecture, HeadKind.SequenceClassification), architecture: architecture);
        return path;
    }

    // Most are short; some are longer than a batch.
    private string RandomText()
    {
        const string Characters = "今天气好不明一二三人大中国法律 ab1。";
        int length = random.Next(1 << random.Next(11)) % LongestText;
        StringBuilder text = new(length);
        for (int i = 0; i < length; i++)
            text.Append(Characters[random.Next(Characters.Length)]);
        return text.ToString();
    }

    private sealed record Held(int Handles, int Threads, long ManagedBytes, long ResidentBytes)
    {
        public static Held Now()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
            using Process own = Process.GetCurrentProcess();
            return new Held(
                OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : own.HandleCount,
                own.Threads.Count, GC.GetTotalMemory(forceFullCollection: false), own.WorkingSet64);
        }
    }
}
