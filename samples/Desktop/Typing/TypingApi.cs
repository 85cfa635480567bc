using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Typing;

/// <summary>What the page calls while a text is typed. Each kind of answer is wanted of the last text alone.</summary>
internal sealed class TypingApi(ModelShelf models) : IDisposable
{
    private readonly LatestOnly answers = new(), explanations = new(), maps = new();

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/api/type", Answer),
        new("POST", "/api/explain", Explain),
        new("POST", "/api/attention", Attend),
    ];

    public void Dispose()
    {
        answers.Dispose();
        explanations.Dispose();
        maps.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        TypingCall call = await context.Read(DesktopJson.Default.TypingCall).ConfigureAwait(false);
        string window = context.Window();
        explanations.Cancel(window);   // of a text that is no longer there; it would take the processors
        using ModelLease lease = models.Take();
        TypingAnswer answer = await answers.Run(
            window, cancel => lease.Shared.Typing.Answer(call.Text, call.Pair, cancel), context.RequestAborted)
            .ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.TypingAnswer).ConfigureAwait(false);
    }

    private async Task Explain(HttpContext context)
    {
        TypingCall call = await context.Read(DesktopJson.Default.TypingCall).ConfigureAwait(false);
        using ModelLease lease = models.Take();
        ExplanationAnswer answer = await explanations.Run(
            context.Window(), cancel => lease.Shared.Typing.Explain(call.Text, call.Pair, cancel),
            context.RequestAborted)
            .ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.ExplanationAnswer).ConfigureAwait(false);
    }

    private async Task Attend(HttpContext context)
    {
        AttentionCall call = await context.Read(DesktopJson.Default.AttentionCall).ConfigureAwait(false);
        using ModelLease lease = models.Take();
        if (call.Layer < 0 || call.Layer >= lease.Model.Config.LayerCount
            || call.Head < -1 || call.Head >= lease.Model.Config.HeadCount)
            throw ApiFault.Request("the model has no such layer or head");
        AttentionAnswer answer = await maps.Run(
            context.Window(), cancel => lease.Shared.Typing.Attend(call.Text, call.Pair, call.Layer, call.Head, cancel),
            context.RequestAborted)
            .ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.AttentionAnswer).ConfigureAwait(false);
    }
}
