using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Desktop.Server;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>The server as others on the machine and in the browser meet it.</summary>
public sealed class DesktopServerTests(RunningApplication running)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Server_Started_ListensOnTheLoopbackAlone()
    {
        int port = running.Application.Server.Address.Port;
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == port)
            .Should().ContainSingle().Which.Address.Should().Be(IPAddress.Loopback);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/main.js")]
    [InlineData("/kit.css")]
    [InlineData("/api/start")]
    [InlineData("/nothing")]
    public async Task Response_Any_CarriesThePolicy(string path)
    {
        using HttpResponseMessage response = await running.Page.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        response.Headers.GetValues("Content-Security-Policy").Should().Equal(SecurityHeaders.ContentPolicy);
        response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
        response.Headers.Contains("Server").Should().BeFalse();
        response.Headers.Contains("Access-Control-Allow-Origin").Should().BeFalse();
    }

    [Fact]
    public async Task Page_Parts_AreAllThere()
    {
        string html = await running.Stranger.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        html.Should().NotContain("<style").And.NotContain("onclick").And.NotContain("http://").And.NotContain("https://");
        foreach (string part in (string[])["kit.css", "style.css", "main.js", "icon.svg"])
        {
            html.Should().Contain(part);
            using HttpResponseMessage response = await running.Stranger.GetAsync(new Uri("/" + part, UriKind.Relative), Cancel);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    // A module that another names and that is not there would leave the window empty.
    [Fact]
    public async Task Modules_AllThatAreNamed_AreThere()
    {
        foreach (string path in new PageFiles().Paths.Where(path => path.EndsWith(".js", StringComparison.Ordinal)))
        {
            string script = await running.Stranger.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
            script.Should().NotContain("innerHTML").And.NotContain("eval(");
            foreach (string line in script.Split('\n').Where(line => line.StartsWith("import ", StringComparison.Ordinal)))
            {
                string named = line[(line.IndexOf("'./", StringComparison.Ordinal) + 2)..].TrimEnd(';', '\'', '\r');
                new PageFiles().Paths.Should().Contain(named);
            }
        }
    }

    [Fact]
    public async Task Call_WithoutToken_SaysNothing()
    {
        using HttpResponseMessage response = await running.Stranger.GetAsync(new Uri("/api/start", UriKind.Relative), Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(Cancel)).Should().NotContain(running.Token).And.NotContain("model");
    }

    [Fact]
    public async Task Rebinding_NameThatPointsHere_IsMisdirected()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/start");
        request.Headers.Host = $"evil.example:{running.Application.Server.Address.Port}";
        using HttpResponseMessage response = await running.Page.SendAsync(request, Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("/../../etc/passwd")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/page/index.html")]
    [InlineData("/default-model")]
    [InlineData("/index.html/")]
    [InlineData("/INDEX.HTML")]
    [InlineData("/index.html%00.js")]
    [InlineData("/.git/config")]
    public async Task Path_OfSomethingElse_IsNotFound(string path)
    {
        string line = await running.Raw($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\nConnection: close\r\n\r\n");
        line.Should().MatchRegex("^HTTP/1.1 (400|404) ");
    }

    // However the path of a call is spelled, it is a call.
    [Theory]
    [InlineData("/%61pi/start")]
    [InlineData("/x/../api/start")]
    [InlineData("/./api/start")]
    public async Task Path_OfACallInAnotherSpelling_NeedsTheToken(string path)
    {
        string line = await running.Raw($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\nConnection: close\r\n\r\n");
        line.Should().MatchRegex("^HTTP/1.1 (401|404) ");
    }

    [Fact]
    public async Task Body_Huge_IsRefusedUnread()
    {
        string head = $"POST /api/type HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\n"
            + $"Origin: {running.Origin}\r\n{AccessToken.HeaderName}: {running.Token}\r\nContent-Type: application/json\r\n"
            + "Content-Length: 9000000000\r\n\r\n{";
        (await running.Raw(head)).Should().StartWith("HTTP/1.1 413 ");
    }

    // Nothing of the body is needed to see that the token is wrong: who sends it slowly holds nothing up.
    [Fact]
    public async Task Body_SlowWithoutToken_IsAnsweredAtOnce()
    {
        string head = $"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\n"
            + $"Origin: {running.Origin}\r\nContent-Length: 1000000000\r\n\r\nx";
        (await running.Raw(head)).Should().StartWith("HTTP/1.1 401 ");
    }

    [Fact]
    public async Task Headers_TooMany_AreRefused()
    {
        StringBuilder head = new($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\n");
        for (int i = 0; i < 20; i++)
            head.Append($"X-{i}: {new string('x', 1000)}\r\n");
        (await running.Raw(head + "\r\n")).Should().StartWith("HTTP/1.1 431 ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"text\":5,\"pair\":null}")]
    [InlineData("{\"text\":null,\"pair\":null}")]
    [InlineData("{\"pair\":null}")]
    [InlineData("{\"text\":\"x\",\"pair\":null,\"more\":1}")]
    public async Task Json_NotWhatIsWanted_IsABadRequest(string json)
    {
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/type", json);
        status.Should().Be(HttpStatusCode.BadRequest);
        fault.GetProperty("kind").GetString().Should().Be(ApiFaultKind.Request);
    }

    [Fact]
    public async Task Method_Another_IsNotAllowed()
    {
        using HttpResponseMessage response = await running.Page.GetAsync(new Uri("/api/type", UriKind.Relative), Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }
}
