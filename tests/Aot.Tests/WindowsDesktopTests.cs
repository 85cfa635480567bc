using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The server of <c>gau-desktop</c> for Windows, run by Wine: a job gives the bytes of <c>gau</c> on Linux.</summary>
public sealed partial class WindowsDesktopTests(WindowsPrograms programs) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Job_UnderWine_GivesTheBytesOfLinux()
    {
        string program = programs.Desktop;
        folder.Write("in.csv", "text\n第一条　制定本条例。\n人民法院审理案件。\n");
        string expected = Programs.Run(
            Programs.Jit, folder.Root, "score in.csv --include-text --keep-fields --output-format jsonl").Output;
        using Process process = ChildProcess.Start(
            $"cd '{folder.Root}'; exec {program} --browser none --data data");
        using HttpClient page = await Opened(process);
        using (HttpResponseMessage window = await page.GetAsync(
            new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            (await Post(page, "/api/type", """{"text":"第一条","pair":null}""")).Should().Contain("\"scores\":[{");
            string input = JsonSerializer.Serialize("Z:" + folder.Path("in.csv").Replace('/', '\\'));
            string job = await Post(page, "/api/jobs", $$"""
                {"path":{{input}},"task":"score","text":"text","pair":null,"id":null,"encoding":"auto","format":null}
                """);
            string id = JsonDocument.Parse(job).RootElement.GetProperty("id").GetString()!;
            string results = folder.Path($"data/jobs/{id}/results.jsonl");
            ChildProcess.Until(() => File.Exists(results));
            (await File.ReadAllTextAsync(results, Cancel)).Should().Be(expected);
        }
        ChildProcess.End(process).Should().Be(0, "its window was closed");
    }

    private static async Task<HttpClient> Opened(Process process)
    {
        string line = (await process.StandardError.ReadLineAsync(Cancel) ?? "").TrimEnd('\r');
        Match open = Opening().Match(line);
        if (!open.Success)
            throw new InvalidOperationException(line + await process.StandardError.ReadToEndAsync(Cancel));
        HttpClient page = new() { BaseAddress = new Uri(open.Groups[1].Value) };
        page.DefaultRequestHeaders.Add("X-Gau-Token", open.Groups[2].Value);
        page.DefaultRequestHeaders.Add("Origin", open.Groups[1].Value);
        return page;
    }

    private static async Task<string> Post(HttpClient page, string path, string json)
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
