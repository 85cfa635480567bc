using System.Reflection;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Search;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Table;
using GauRuntime.Desktop.Typing;
using GauRuntime.Tools;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop;

/// <summary>All that is behind the window, from its start to its end.</summary>
internal sealed class DesktopApplication : IAsyncDisposable
{
    private static readonly TimeSpan ReloadGrace = TimeSpan.FromSeconds(3);

    private readonly DesktopOptions options;
    private readonly ModelShelf models;
    private readonly ModelStore store;
    private readonly UploadStore uploads;
    private readonly JobList jobs;
    private readonly TypingApi typing;
    private readonly TableApi tables;
    private readonly SearchApi searches;

    private DesktopApplication(DesktopOptions options, TimeSpan grace)
    {
        this.options = options;
        Presence = new Presence(grace);
        models = new ModelShelf(options.Model);
        store = new ModelStore(Path.Combine(options.Data, "models"));
        string root = Path.Combine(options.Data, "jobs");
        uploads = new UploadStore(root);
        jobs = new JobList(root, models, uploads);
        typing = new TypingApi(models);
        tables = new TableApi(jobs);
        searches = new SearchApi(jobs, models);
    }

    /// <summary>The version of the program.</summary>
    public static string Version => typeof(DesktopApplication).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether a window is open.</summary>
    public Presence Presence { get; }

    /// <summary>What the page calls.</summary>
    public DesktopServer Server { get; private set; } = null!;

    /// <summary>The jobs that there are.</summary>
    public JobList Jobs => jobs;

    /// <summary>Loads the model, finds the jobs, and listens.</summary>
    /// <param name="options">What the command line says.</param>
    /// <param name="grace">How long no window may be open; null: as while one loads anew.</param>
    /// <exception cref="ToolException">No port can be had, or this build holds no model.</exception>
    /// <exception cref="Weights.GauFormatException">The model is none.</exception>
    /// <exception cref="IOException">The model cannot be read, or the folder of jobs not be made.</exception>
    public static async Task<DesktopApplication> Start(DesktopOptions options, TimeSpan? grace = null)
    {
        DesktopApplication application = new(options, grace ?? ReloadGrace);
        try
        {
            application.Server = await DesktopServer.Start(application.Routes()).ConfigureAwait(false);
            return application;
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the job that is worked on, which can go on later, and all else.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync().ConfigureAwait(false);
        jobs.Dispose();
        typing.Dispose();
        tables.Dispose();
        searches.Dispose();
        models.Dispose();
        Presence.Dispose();
    }

    private IEnumerable<ApiRoute> Routes() =>
    [
        new("GET", "/api/start", Begin),
        .. new ModelApi(models, store, jobs.FirstOf).Routes,
        .. typing.Routes,
        .. new FileApi(uploads).Routes,
        .. new JobApi(jobs, models, uploads, Presence).Routes,
        .. tables.Routes,
        .. searches.Routes,
    ];

    private async Task Begin(HttpContext context)
    {
        using ModelLease lease = models.Take();
        await context.Write(
            new StartAnswer(
                Version, ModelShelf.Describe(lease.Shared), FolderListing.Home, uploads.Bytes, options.File),
            DesktopJson.Default.StartAnswer).ConfigureAwait(false);
    }
}
