using System.Text.Json;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using GauRuntime.Scoring.Records;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What the page calls about jobs.</summary>
internal sealed class JobApi(JobList jobs, ModelShelf models, UploadStore uploads, Presence presence)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/api/events", Follow),
        new("POST", "/api/jobs", Add),
        new("POST", "/api/jobs/resume", Resume),
        new("POST", "/api/jobs/cancel", Cancel),
        new("POST", "/api/jobs/remove", Remove),
        new("POST", "/api/jobs/save", Save),
    ];

    // A line of JSON whenever something changes, and now and then, to the end of the window, which is seen by it.
    private async Task Follow(HttpContext context)
    {
        using IDisposable window = presence.Join();
        CancellationToken closed = context.RequestAborted;
        context.BeginLines();
        byte[] last = [];
        DateTime told = DateTime.MinValue;
        while (!closed.IsCancellationRequested)
        {
            byte[] now = JsonSerializer.SerializeToUtf8Bytes(Answer(), DesktopJson.Default.JobsAnswer);
            if (!now.AsSpan().SequenceEqual(last) || DateTime.UtcNow - told > Beat)
            {
                await context.WriteLine(now).ConfigureAwait(false);
                (last, told) = (now, DateTime.UtcNow);
            }
            await Task.Delay(Interval, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Add(HttpContext context)
    {
        JobCall call = await context.Read(DesktopJson.Default.JobCall).ConfigureAwait(false);
        if (call.Task is not (JobDescription.Score or JobDescription.Fill))
            throw ApiFault.Request("tasks are score and fill");
        if (!Path.IsPathFullyQualified(call.Path))
            throw ApiFault.Request("a whole path is wanted");
        DesktopJob job = await Task.Run(() => Add(call)).ConfigureAwait(false);
        await context.Write(job.Answer(), DesktopJson.Default.JobAnswer).ConfigureAwait(false);
    }

    // What would fail at once is refused, before there is a job.
    private DesktopJob Add(JobCall call)
    {
        using ModelLease lease = models.Take();
        bool isCopy = uploads.Has(call.Path);
        JobDescription description = new(
            isCopy ? UploadStore.NameOf(call.Path) : Path.GetFileName(call.Path), Path.GetFullPath(call.Path), isCopy,
            call.Task, lease.Shared.Path, call.Text, call.Pair, call.Id, call.Encoding, call.Format, DateTime.UtcNow);
        using (RecordSource source = new(
            [description.Find()], description.Fields(description.MakeTask(lease.Model))))
            _ = source.Notes;
        return jobs.Add(description);
    }

    private async Task Resume(HttpContext context)
    {
        jobs.Queue(await Find(context).ConfigureAwait(false), vectors: false);
        await context.WriteDone().ConfigureAwait(false);
    }

    private async Task Cancel(HttpContext context)
    {
        (await Find(context).ConfigureAwait(false)).Cancel();
        await context.WriteDone().ConfigureAwait(false);
    }

    private async Task Remove(HttpContext context)
    {
        DesktopJob job = await Find(context).ConfigureAwait(false);
        await Task.Run(() => jobs.Remove(job)).ConfigureAwait(false);
        await context.WriteDone().ConfigureAwait(false);
    }

    private async Task Save(HttpContext context)
    {
        SaveCall call = await context.Read(DesktopJson.Default.SaveCall).ConfigureAwait(false);
        DesktopJob job = jobs.Get(call.Id);
        RecordFormat format = JobDescription.FormatOf(call.Format) is { } known and not RecordFormat.Text
            ? known
            : throw ApiFault.Request("results are saved as jsonl, csv, tsv, parquet or arrow");
        if (!job.Answer().HasTable)
            throw ApiFault.Refused("the results are not complete yet");
        CancellationToken aborted = context.RequestAborted;
        await Task.Run(
            () => SavedResults.Write(job.Folder, call.Path, format, call.Replace, models, aborted), aborted)
            .ConfigureAwait(false);
        await context.WriteDone().ConfigureAwait(false);
    }

    private async Task<DesktopJob> Find(HttpContext context) =>
        jobs.Get((await context.Read(DesktopJson.Default.JobIdCall).ConfigureAwait(false)).Id);

    private JobsAnswer Answer()
    {
        using ModelLease lease = models.Take();
        return new JobsAnswer(
            [.. jobs.All.Select(job => job.Answer())], uploads.Bytes, lease.Shared.Path);
    }
}
