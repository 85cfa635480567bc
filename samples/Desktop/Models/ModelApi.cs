using GauRuntime.Desktop.Server;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Models;

/// <summary>What the page calls about the model.</summary>
internal sealed class ModelApi(ModelShelf models)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/api/model", Show),
        new("POST", "/api/model", Switch),
    ];

    private async Task Show(HttpContext context)
    {
        using ModelLease lease = models.Take();
        await context.Write(ModelShelf.Describe(lease.Shared), DesktopJson.Default.ModelAnswer).ConfigureAwait(false);
    }

    // An empty path is the model inside the program.
    private async Task Switch(HttpContext context)
    {
        PathCall call = await context.Read(DesktopJson.Default.PathCall).ConfigureAwait(false);
        string? path = call.Path.Length == 0 ? null : Path.GetFullPath(call.Path);
        await Task.Run(() => models.Switch(path)).ConfigureAwait(false);
        await Show(context).ConfigureAwait(false);
    }
}
