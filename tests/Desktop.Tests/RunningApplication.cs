using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GauRuntime.Desktop.Server;
using Xunit;

[assembly: AssemblyFixture(typeof(GauRuntime.Desktop.Tests.RunningApplication))]

namespace GauRuntime.Desktop.Tests;

/// <summary>The whole program without a window, on a port of its own, with a folder that is removed at the end.</summary>
public sealed class RunningApplication : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private DesktopApplication application = null!;

    /// <summary>Calls as the page does, of one window: what tests call at once may end what another of them called.</summary>
    public HttpClient Page { get; private set; } = null!;

    /// <summary>Calls without a token or an origin.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>Where jobs are kept; null: in the folder.</summary>
    internal string? Data { get; init; }

    internal DesktopApplication Application => application;

    internal string Token => application.Server.Token.Text;

    internal string Origin => application.Server.Address.GetLeftPart(UriPartial.Authority);

    internal string Path(string name) => folder.Path(name);

    internal string Write(string name, string content) => folder.Write(name, content);

    internal string Write(string name, byte[] content) => folder.Write(name, content);

    public async ValueTask InitializeAsync()
    {
        application = await DesktopApplication.Start(new DesktopOptions { Data = Data ?? folder.Path("data") });
        Stranger = new HttpClient { BaseAddress = application.Server.Address, Timeout = ChildProcess.Patience };
        Page = new HttpClient { BaseAddress = application.Server.Address, Timeout = ChildProcess.Patience };
        Page.DefaultRequestHeaders.Add(AccessToken.HeaderName, Token);
        Page.DefaultRequestHeaders.Add("Origin", Origin);
        Page.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
    }

    public async ValueTask DisposeAsync()
    {
        Page.Dispose();
        Stranger.Dispose();
        await application.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Posts JSON and takes the answer apart.</summary>
    internal async Task<(HttpStatusCode Status, JsonElement Json)> Post(string path, string json)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Page.PostAsync(
            new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, body.Length == 0 ? default : JsonDocument.Parse(body).RootElement);
    }

    /// <summary>Sends bytes as they are, and gives the first line of the answer.</summary>
    internal async Task<string> Raw(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, application.Server.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    /// <summary>Begins a job of a file and waits for its end.</summary>
    internal async Task<string> Score(string path, string text = "text", string? id = null)
    {
        string name = await Begin(path, text, id);
        await Ended(name);
        return name;
    }

    /// <summary>Begins a job of a file.</summary>
    internal async Task<string> Begin(string path, string text = "text", string? id = null)
    {
        (HttpStatusCode status, JsonElement job) = await Post("/api/jobs", JobOf(path, text, id));
        Assert.True(status == HttpStatusCode.OK, job.ToString());
        return job.GetProperty("id").GetString()!;
    }

    /// <summary>The call that begins a job.</summary>
    internal static string JobOf(string path, string text = "text", string? id = null, string task = "score") => $$"""
        {"path":{{JsonSerializer.Serialize(path)}},"task":"{{task}}","text":"{{text}}","pair":null,
        "id":{{(id is null ? "null" : $"\"{id}\"")}},"encoding":"auto","format":null}
        """;

    /// <summary>What the window shows of a job when it is no longer worked on.</summary>
    internal async Task<JsonElement> Shown(string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/events");
        using HttpResponseMessage response = await Page.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (true)
        {
            string line = (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!;
            JsonElement job = JsonDocument.Parse(line).RootElement.GetProperty("jobs").EnumerateArray()
                .Single(job => job.GetProperty("id").GetString() == id);
            if (job.GetProperty("state").GetString() is not ("waiting" or "running"))
                return job;
        }
    }

    /// <summary>What a window is told first.</summary>
    internal async Task<JsonElement> Events()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/events");
        using HttpResponseMessage response = await Page.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        string line = (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!;
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Waits until a job is no longer worked on.</summary>
    internal async Task<string> Ended(string id) => (await Shown(id)).GetProperty("state").GetString()!;
}
