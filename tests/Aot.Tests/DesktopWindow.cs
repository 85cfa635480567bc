using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>What the window of a started <c>gau-desktop</c> asks of its server.</summary>
internal static partial class DesktopWindow
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the page that the first line of the program names, with its token.</summary>
    public static async Task<HttpClient> Opened(Process process)
    {
        string line = (await process.StandardError.ReadLineAsync(Cancel) ?? "").TrimEnd('\r');
        Match open = Opening().Match(line);
        if (!open.Success)
            throw new InvalidOperationException(line + await process.StandardError.ReadToEndAsync(Cancel));
        HttpClient page = new() { BaseAddress = new Uri(open.Groups[1].Value), Timeout = ChildProcess.Patience };
        page.DefaultRequestHeaders.Add("X-Gau-Token", open.Groups[2].Value);
        page.DefaultRequestHeaders.Add("Origin", open.Groups[1].Value);
        return page;
    }

    /// <summary>What the server answers to JSON.</summary>
    public static async Task<string> Post(HttpClient page, string path, string json)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await page.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        string body = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.OK, body);
        return body;
    }

    [GeneratedRegex("; open (http://127.0.0.1:[0-9]+)/#([0-9a-f]{64})$")]
    private static partial Regex Opening();
}
