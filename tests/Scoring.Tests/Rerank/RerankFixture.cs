using System.Text;
using GauRuntime.Answers;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Tests.Jobs;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tests.Rerank;

/// <summary>A tiny cross-encoder, and runs of it over queries and candidates.</summary>
public sealed class RerankFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int outputs;

    public RerankFixture() => Model = LoadedModel.Of(folder, TinyModel.CrossEncoder);

    public GauModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        folder.Dispose();
    }

    /// <summary>Records of texts over the model's vocabulary, with ids.</summary>
    public static string Records(string prefix, int count, Func<int, string>? more = null)
    {
        const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文";
        Random random = new(prefix[0]);
        return string.Concat(Enumerable.Range(0, count).Select(i =>
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(1, 12)).Select(_ => Characters[random.Next(Characters.Length)]));
            return $"{{\"id\":\"{prefix}{i}\",\"text\":\"{text}\"{more?.Invoke(i)}}}\n";
        }));
    }

    /// <summary>Reads candidates.</summary>
    internal Candidates Read(
        string records, long room = long.MaxValue, string? field = null, long? maxRejects = null,
        Action<string>? note = null, RecordFormat format = RecordFormat.JsonLines, bool replace = false, int threads = 2)
    {
        RecordFields fields = new()
        {
            Label = field ?? "query", ExpectsLabels = field is not null, ReplaceInvalid = replace,
        };
        using RecordSource source = new([RecordReaderTests.Input(records, format)], fields);
        CandidateReader reader = new(Model, source, 512, maxRejects) { Threads = threads, KeepsRejects = true };
        Candidates candidates = reader.Read(room, CancellationToken.None);
        foreach (string one in reader.Notes)
            note?.Invoke(one);
        return candidates;
    }

    internal RerankTask Task(
        Candidates candidates, RecordFormat format = RecordFormat.JsonLines, int? top = null, bool raw = false) =>
        new(new ScoreHead(Model, raw), candidates, top, format != RecordFormat.JsonLines);

    /// <summary>Ranks, and gives the rows.</summary>
    internal static string Run(
        RerankTask task, string queries, RecordFormat format = RecordFormat.JsonLines, int threads = 2,
        int batchTokens = 64, int maxLength = 64)
    {
        using MemoryStream output = new();
        using RecordSource source = new(
            [RecordReaderTests.Input(queries, RecordFormat.JsonLines)], new RecordFields());
        ScoringOptions options = new() { Threads = threads, BatchTokens = batchTokens, MaxLength = maxLength };
        new ScoringRun(task, source, options, format).Write(output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>The output of a new job.</summary>
    internal JobOutput NewJob(RecordFormat format)
    {
        string path = folder.Path($"job{outputs++}");
        Directory.CreateDirectory(path);
        return new JobOutput
        {
            Path = Path.Combine(path, "out"), Rejects = Path.Combine(path, "rejects"), Format = format,
            CheckpointInterval = TimeSpan.Zero,
        };
    }

    /// <summary>Ranks in a job.</summary>
    internal static RunTotals Run(JobOutput output, RerankTask task, string queries, long? maxRejects = null) =>
        RunJob(output, task, queries, maxRejects).Totals;

    /// <summary>Ranks in a job, and gives the run.</summary>
    internal static ScoringRun RunJob(JobOutput output, RerankTask task, string queries, long? maxRejects = null)
    {
        using ScoringJob job = ScoringJob.Open(output, FailingStorage.Never);
        using RecordSource source = new(
            [RecordReaderTests.Input(queries, RecordFormat.JsonLines)], new RecordFields(), shard: output.Shard);
        ScoringOptions options = new() { Threads = 2, BatchTokens = 64, MaxLength = 64, MaxRejects = maxRejects };
        ScoringRun run = new(task, source, options, output.Format);
        job.Run(run, CancellationToken.None);
        return run;
    }
}
