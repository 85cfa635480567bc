using GauRuntime.Desktop.Server;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What the page calls to choose a file.</summary>
internal sealed class FileApi(UploadStore uploads)
{
    private const string NameHeader = "X-Gau-Name";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/api/folder", List),
        new("POST", "/api/preview", Preview),
        new("POST", "/api/upload", Upload),
    ];

    private static async Task List(HttpContext context)
    {
        PathCall call = await context.Read(DesktopJson.Default.PathCall).ConfigureAwait(false);
        FolderAnswer answer = await Task.Run(() => FolderListing.Of(call.Path)).ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.FolderAnswer).ConfigureAwait(false);
    }

    private static async Task Preview(HttpContext context)
    {
        PreviewCall call = await context.Read(DesktopJson.Default.PreviewCall).ConfigureAwait(false);
        PreviewAnswer answer = await Task.Run(() => InputPreview.Of(call)).ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.PreviewAnswer).ConfigureAwait(false);
    }

    // The body is the file. Its name comes percent-encoded, because headers are ASCII.
    private async Task Upload(HttpContext context)
    {
        context.Limit(UploadStore.MostBytes);
        string name = context.Request.Headers[NameHeader] is { Count: 1 } given && given[0] is { } encoded
            ? Uri.UnescapeDataString(encoded)
            : throw ApiFault.Request($"one {NameHeader} is wanted");
        UploadAnswer answer = await uploads.Keep(name, context.Request.Body, context.RequestAborted)
            .ConfigureAwait(false);
        await context.Write(answer, DesktopJson.Default.UploadAnswer).ConfigureAwait(false);
    }
}
