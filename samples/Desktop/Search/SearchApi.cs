using System.Text.Json;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Table;
using GauRuntime.Desktop.Typing;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Search;

/// <summary>What the page calls to search a table by meaning.</summary>
internal sealed class SearchApi(JobList jobs, ModelShelf models) : IDisposable
{
    private const int MostRows = 200;

    private readonly LatestOnly searches = new();

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/api/search/prepare", Prepare),
        new("POST", "/api/search", Find),
    ];

    public void Dispose() => searches.Dispose();

    private async Task Prepare(HttpContext context)
    {
        JobIdCall call = await context.Read(DesktopJson.Default.JobIdCall).ConfigureAwait(false);
        jobs.Queue(jobs.Get(call.Id), vectors: true);
        await context.WriteDone().ConfigureAwait(false);
    }

    private async Task Find(HttpContext context)
    {
        SearchCall call = await context.Read(DesktopJson.Default.SearchCall).ConfigureAwait(false);
        if (call.Top is < 1 or > MostRows)
            throw ApiFault.Request($"from 1 to {MostRows} rows are found at once");
        DesktopJob job = jobs.Get(call.Id);
        byte[] json = await searches.Run(
            context.Window(), cancel => Rows(job, call, cancel), context.RequestAborted)
            .ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    private byte[] Rows(DesktopJob job, SearchCall call, CancellationToken cancel)
    {
        IReadOnlyList<(int Row, float Score)> found = job.Search(models, cancel).Find(call.Query, call.Top);
        RowTable table = job.Table(cancel).Table;
        using MemoryStream output = new();
        using (Utf8JsonWriter json = new(output))
        {
            json.WriteStartArray();
            int at = 0;
            table.Read(
                [.. found.Select(row => row.Row)],
                (row, line) => RowPreview.Write(json, row, line, found[at++].Score));
            json.WriteEndArray();
        }
        return output.ToArray();
    }
}
