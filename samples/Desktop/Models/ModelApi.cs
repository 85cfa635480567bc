using System.Threading.Channels;
using GauRuntime.Convert.Conversion;
using GauRuntime.Desktop.Server;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Models;

/// <summary>What the page calls about the model.</summary>
/// <param name="models">The model in use.</param>
/// <param name="store">Those that were made of checkpoints.</param>
/// <param name="needsOf">Names what still needs a model file, or null.</param>
internal sealed class ModelApi(ModelShelf models, ModelStore store, Func<string, string?> needsOf)
{
    private readonly ModelConversion conversion = new(store);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/api/model", Show),
        new("POST", "/api/model", Switch),
        new("POST", "/api/model/convert", Convert),
        new("GET", "/api/models", List),
        new("POST", "/api/models/remove", Remove),
    ];

    private async Task Show(HttpContext context)
    {
        using ModelLease lease = models.Take();
        await context.Write(ModelShelf.Describe(lease.Shared), DesktopJson.Default.ModelAnswer).ConfigureAwait(false);
    }

    // An empty path is the model inside the program. What is no model file may be a checkpoint, which the page has
    // converted then.
    private async Task Switch(HttpContext context)
    {
        PathCall call = await context.Read(DesktopJson.Default.PathCall).ConfigureAwait(false);
        string? path = call.Path.Length == 0 ? null : FullPath(call.Path);
        await Task.Run(() => Switch(path)).ConfigureAwait(false);
        await Show(context).ConfigureAwait(false);
    }

    private void Switch(string? path)
    {
        if (path is not null && (Directory.Exists(path) || !CheckpointSource.IsModelFileAt(path)))
            throw new ApiFault(
                StatusCodes.Status409Conflict, ApiFaultKind.Checkpoint,
                $"{path}: a checkpoint, which is converted first");
        models.Switch(path);
    }

    // A line of JSON for everything that is told, the last of which is the result or a fault. Who goes away ends it.
    private async Task Convert(HttpContext context)
    {
        ConversionCall call = await context.Read(DesktopJson.Default.ConversionCall).ConfigureAwait(false);
        _ = ModelConversion.DialectOf(call.Dialect);
        call = call with { Path = FullPath(call.Path) };
        CancellationToken aborted = context.RequestAborted;
        Channel<ConversionLine> lines = Channel.CreateUnbounded<ConversionLine>(
            new UnboundedChannelOptions { SingleReader = true });
        Task work = Task.Run(() => Convert(call, lines.Writer, aborted), CancellationToken.None);
        try
        {
            context.BeginLines();
            await foreach (ConversionLine line in lines.Reader.ReadAllAsync(aborted).ConfigureAwait(false))
                await context.WriteLine(line, DesktopJson.Default.ConversionLine).ConfigureAwait(false);
        }
        finally
        {
            await work.ConfigureAwait(false);   // it throws nothing
        }
    }

    private void Convert(ConversionCall call, ChannelWriter<ConversionLine> lines, CancellationToken cancel)
    {
        ConversionLine last;
        try
        {
            last = new ConversionLine(Done: conversion.Run(call, line => lines.TryWrite(line), cancel));
        }
#pragma warning disable CA1031 // Whatever happens, its user reads a line, and the program goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            last = new ConversionLine(Fault: new FaultAnswer(ApiFaultKind.Fault, FaultLine.Of(e)));
        }
        lines.TryWrite(last);
        lines.Complete();
    }

    private async Task List(HttpContext context)
    {
        IReadOnlyList<StoredModel> all = await Task.Run(() => store.All).ConfigureAwait(false);
        await context.Write(new StoredModelsAnswer(all), DesktopJson.Default.StoredModelsAnswer).ConfigureAwait(false);
    }

    private async Task Remove(HttpContext context)
    {
        PathCall call = await context.Read(DesktopJson.Default.PathCall).ConfigureAwait(false);
        await Task.Run(() => Remove(FullPath(call.Path))).ConfigureAwait(false);
        await context.WriteDone().ConfigureAwait(false);
    }

    private void Remove(string path)
    {
        if (!store.Has(path))
            throw ApiFault.Missing("there is no such model");
        using (ModelLease lease = models.Take())
        {
            if (lease.Shared.Path == path)
                throw ApiFault.Refused("it is in use: take another model first");
        }
        if (needsOf(path) is { } job)
            throw ApiFault.Refused($"{job} was scored with it: remove that table first");
        ModelStore.Remove(path);
    }

    private static string FullPath(string path) => Path.IsPathFullyQualified(path)
        ? Path.GetFullPath(path)
        : throw ApiFault.Request("a whole path is wanted");
}
