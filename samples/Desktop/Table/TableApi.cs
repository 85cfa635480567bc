using System.Text.Json;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Typing;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Table;

/// <summary>What the page calls to show a table: it holds the rows that are seen, and no others.</summary>
internal sealed class TableApi(JobList jobs) : IDisposable
{
    private const int MostRows = 500;

    private readonly LatestOnly summaries = new();

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/api/table", Summarize),
        new("POST", "/api/table/rows", Show),
        new("GET", "/api/table/row", ShowWhole),
    ];

    public void Dispose() => summaries.Dispose();

    private async Task Summarize(HttpContext context)
    {
        TableCall call = await context.Read(DesktopJson.Default.TableCall).ConfigureAwait(false);
        DesktopJob job = jobs.Get(call.Id);
        RowQuery query = Query(call);
        TableSummary summary = await summaries.Run(
            context.Window(), cancel => job.Table(cancel).Get(query, cancel).Summary, context.RequestAborted)
            .ConfigureAwait(false);
        await context.Write(summary, DesktopJson.Default.TableSummary).ConfigureAwait(false);
    }

    private async Task Show(HttpContext context)
    {
        TableCall call = await context.Read(DesktopJson.Default.TableCall).ConfigureAwait(false);
        if (call.First < 0 || call.Count is < 1 or > MostRows)
            throw ApiFault.Request($"from 1 to {MostRows} rows are shown at once");
        DesktopJob job = jobs.Get(call.Id);
        RowQuery query = Query(call);
        CancellationToken aborted = context.RequestAborted;
        byte[] json = await Task.Run(
            () =>
            {
                ViewCache views = job.Table(aborted);
                return Rows(views.Table, views.Get(query, aborted).Rows(call.First, call.Count));
            },
            aborted).ConfigureAwait(false);
        await Send(context, json).ConfigureAwait(false);
    }

    private async Task ShowWhole(HttpContext context)
    {
        DesktopJob job = jobs.Get(context.Text("id"));
        RowTable table = await Task.Run(() => job.Table(context.RequestAborted).Table).ConfigureAwait(false);
        int row = context.Number("row", 0, Math.Max(0, table.Count - 1));
        byte[] json = [];
        if (table.Count > 0)
            await Task.Run(() => table.Read([row], (_, line) => json = line.ToArray())).ConfigureAwait(false);
        await Send(context, json.Length > 0 ? json : throw ApiFault.Missing("there is no such row"))
            .ConfigureAwait(false);
    }

    private static byte[] Rows(RowTable table, int[] rows)
    {
        using MemoryStream output = new();
        using (Utf8JsonWriter json = new(output))
        {
            json.WriteStartArray();
            table.Read(rows, (row, line) => RowPreview.Write(json, row, line));
            json.WriteEndArray();
        }
        return output.ToArray();
    }

    private static async Task Send(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    private static RowQuery Query(TableCall call) => new()
    {
        Labels = call.Labels, From = call.From, To = call.To, Text = call.Text, Rejected = call.Rejected,
        Descending = call.Descending,
        Order = call.Sort switch
        {
            "number" => RowOrder.Number,
            "label" => RowOrder.Label,
            "score" => RowOrder.Score,
            "tokens" => RowOrder.Tokens,
            _ => throw ApiFault.Request("rows are sorted by number, label, score or tokens"),
        },
    };
}
