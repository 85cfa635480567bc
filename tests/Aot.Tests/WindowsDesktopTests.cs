using System.Diagnostics;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The server of <c>gau-desktop</c> for Windows, run by Wine: a job gives the bytes of <c>gau</c> on Linux.</summary>
public sealed class WindowsDesktopTests(WindowsPrograms programs) : IDisposable
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
        using HttpClient page = await DesktopWindow.Opened(process);
        using (HttpResponseMessage window = await page.GetAsync(
            new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            (await DesktopWindow.Post(page, "/api/type", """{"text":"第一条","pair":null}""")).Should().Contain("\"scores\":[{");
            string input = JsonSerializer.Serialize("Z:" + folder.Path("in.csv").Replace('/', '\\'));
            string job = await DesktopWindow.Post(page, "/api/jobs", $$"""
                {"path":{{input}},"task":"score","text":"text","pair":null,"id":null,"encoding":"auto","format":null}
                """);
            string id = JsonDocument.Parse(job).RootElement.GetProperty("id").GetString()!;
            string results = folder.Path($"data/jobs/{id}/results.jsonl");
            ChildProcess.Until(() => File.Exists(results));
            (await File.ReadAllTextAsync(results, Cancel)).Should().Be(expected);
        }
        ChildProcess.End(process).Should().Be(0, "its window was closed");
    }
}
