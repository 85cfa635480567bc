using FluentAssertions;
using GauRuntime.Desktop.Server;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>What is let in: the program's own window, and nothing else.</summary>
public sealed class RequestGuardTests
{
    private const int Port = 41234;
    private const string Host = "127.0.0.1:41234", Origin = "http://127.0.0.1:41234";

    private readonly AccessToken token = new();

    [Fact]
    public void Call_OfTheWindow_IsLetIn() => Look("POST", "/api/jobs", Host, Origin, token.Text).Should().BeNull();

    [Fact]
    public void Page_WithoutToken_IsLetIn() => Look("GET", "/", Host, null, null).Should().BeNull();

    [Theory]
    [InlineData("localhost:41234")]
    [InlineData("evil.example:41234")]   // DNS rebinding: a name of another site that points here
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:80")]
    [InlineData("127.0.0.1:41234.evil.example")]
    [InlineData("127.1:41234")]
    [InlineData("[::1]:41234")]
    [InlineData("")]
    public void Host_Another_IsMisdirected(string host)
    {
        Look("GET", "/", host, null, null)!.Status.Should().Be(421);
        Look("POST", "/api/jobs", host, Origin, token.Text)!.Status.Should().Be(421);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:41234")]
    [InlineData("https://127.0.0.1:41234")]
    [InlineData("null")]   // a sandboxed frame, or a file
    public void Origin_Another_IsForbidden(string origin)
    {
        Look("POST", "/api/jobs", Host, origin, token.Text)!.Status.Should().Be(403);
        Look("GET", "/", Host, origin, null)!.Status.Should().Be(403);
    }

    [Fact]
    public void Post_WithoutOrigin_IsForbidden() =>
        Look("POST", "/api/jobs", Host, null, token.Text)!.Status.Should().Be(403);

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    public void Call_OfAnotherSite_IsForbidden(string site) =>
        Look("GET", "/api/start", Host, null, token.Text, site)!.Status.Should().Be(403);

    [Fact]
    public void Token_MissingOrAnother_IsUnauthorized()
    {
        string other = new AccessToken().Text;
        foreach (string? given in (string?[])[null, "", other, token.Text[1..], token.Text + "0", token.Text.ToUpperInvariant()])
        {
            Look("GET", "/api/start", Host, null, given)!.Status.Should().Be(401);
            Look("POST", "/api/jobs", Host, Origin, given)!.Status.Should().Be(401);
        }
    }

    [Fact]
    public void Token_GivenTwice_IsUnauthorized()
    {
        DefaultHttpContext context = Context("GET", "/api/start", Host, null);
        context.Request.Headers[AccessToken.HeaderName] = new([token.Text, token.Text]);
        new RequestGuard(Port, token).Look(context.Request)!.Status.Should().Be(401);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public void Page_OtherMethod_IsNotAllowed(string method) =>
        Look(method, "/", Host, Origin, token.Text)!.Status.Should().Be(405);

    private static DefaultHttpContext Context(string method, string path, string host, string? origin)
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Headers.Host = host;
        if (origin is not null)
            context.Request.Headers.Origin = origin;
        return context;
    }

    private Refusal? Look(string method, string path, string host, string? origin, string? given, string? site = null)
    {
        DefaultHttpContext context = Context(method, path, host, origin);
        if (given is not null)
            context.Request.Headers[AccessToken.HeaderName] = given;
        if (site is not null)
            context.Request.Headers["Sec-Fetch-Site"] = site;
        return new RequestGuard(Port, token).Look(context.Request);
    }
}
