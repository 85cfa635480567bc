using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using GauRuntime.Scoring;
using GauRuntime.Tools;
using GauRuntime.Weights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace GauRuntime.Desktop.Server;

/// <summary>A part of what the page can call.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The whole path: paths have no parameters.</param>
/// <param name="Handler">Answers.</param>
internal sealed record ApiRoute(string Method, string Path, RequestDelegate Handler);

/// <summary>The server of the window, on a port of 127.0.0.1 that the system chooses.</summary>
/// <remarks>It reads no settings: neither a file beside it nor the environment has it listen elsewhere.</remarks>
internal sealed class DesktopServer : IAsyncDisposable
{
    private const int MostConnections = 64, MostHeaderBytes = 16 << 10;

    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly WebApplication application;
    private readonly PageFiles page = new();
    private readonly FrozenDictionary<(string Method, string Path), RequestDelegate> routes;
    private readonly FrozenSet<string> paths;
    private RequestGuard? guard;

    private DesktopServer(IEnumerable<ApiRoute> routes)
    {
        this.routes = routes.ToFrozenDictionary(route => (route.Method, route.Path), route => route.Handler);
        paths = this.routes.Keys.Select(key => key.Path).ToFrozenSet(StringComparer.Ordinal);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(Limit);
        application = builder.Build();
        application.Run(Serve);
    }

    /// <summary>The secret.</summary>
    public AccessToken Token { get; } = new();

    /// <summary>Where it listens, without the token.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts to listen.</summary>
    /// <param name="routes">What the page can call.</param>
    /// <exception cref="ToolException">No port can be had.</exception>
    public static async Task<DesktopServer> Start(IEnumerable<ApiRoute> routes)
    {
        DesktopServer server = new(routes);
        try
        {
            await server.application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new ToolException(
                ExitCode.Unsupported, $"no port of 127.0.0.1 can be had: {Printable.OneLine(e.Message)}");
        }
        server.Address = new Uri(server.application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single());
        server.guard = new RequestGuard(server.Address.Port, server.Token);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(StopPatience);
        try
        {
            await application.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Connections that are still open end with the process.
        }
        await application.DisposeAsync().ConfigureAwait(false);
    }

    private static void Limit(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = ApiCall.MostBytes;
        options.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        options.Limits.RequestHeadersTimeout = HeaderPatience;
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private async Task Serve(HttpContext context)
    {
        SecurityHeaders.Add(context.Response.Headers);
        try
        {
            // A request that comes before the port is known here cannot know the token.
            Refusal? refusal = guard is null
                ? new Refusal(StatusCodes.Status503ServiceUnavailable, "not yet")
                : guard.Look(context.Request);
            if (refusal is not null)
                throw new ApiFault(refusal.Status, ApiFaultKind.Request, refusal.Reason);
            await Answer(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
#pragma warning disable CA1031 // Whatever happens in a call, its user reads a line, and the program goes on.
        catch (Exception fault) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            context.Response.Clear();
            SecurityHeaders.Add(context.Response.Headers);
            await WriteFault(context, fault).ConfigureAwait(false);
        }
    }

    private async Task Answer(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        if (routes.TryGetValue((context.Request.Method, path), out RequestDelegate? handler))
            await handler(context).ConfigureAwait(false);
        else if (paths.Contains(path))
            throw new ApiFault(StatusCodes.Status405MethodNotAllowed, ApiFaultKind.Request, "not by this method");
        else if (!await page.TrySend(context).ConfigureAwait(false))
            throw ApiFault.Missing("no such page");
    }

    private static Task WriteFault(HttpContext context, Exception fault)
    {
        (int status, string kind) = fault switch
        {
            ApiFault own => (own.Status, own.Kind),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad =>
                (bad.StatusCode, ApiFaultKind.TooLarge),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } bad =>
                (bad.StatusCode, ApiFaultKind.TooSlow),
            BadHttpRequestException bad => (bad.StatusCode, ApiFaultKind.Request),
            OperationCanceledException => (StatusCodes.Status409Conflict, ApiFaultKind.Replaced),
            ScoringException or GauFormatException or GauTextException or IOException or UnauthorizedAccessException
                or ToolException or PlatformNotSupportedException =>
                (StatusCodes.Status422UnprocessableEntity, ApiFaultKind.Fault),
            _ => (StatusCodes.Status500InternalServerError, ApiFaultKind.Internal),
        };
        context.Response.StatusCode = status;
        return context.Write(new FaultAnswer(kind, FaultLine.Of(fault)), DesktopJson.Default.FaultAnswer);
    }
}
