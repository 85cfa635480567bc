using System.Diagnostics;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary><c>gau-desktop</c> as one file that needs no library, in a root with nothing but it and its input.</summary>
public sealed class DesktopFileTests : IDisposable
{
    private const long LargestBytes = 30 * 1000 * 1000;

    private readonly TemporaryFolder root = new();
    private readonly PublishedFile published;
    private readonly string program;

    public DesktopFileTests(PublishedFile published)
    {
        this.published = published.OrSkip();
        program = published.Desktop;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => root.Dispose();

    [Fact]
    public void Publish_Folder_HoldsOneFileWithinTheBudget()
    {
        Directory.EnumerateFileSystemEntries(published.DesktopFolder).Should().Equal(program);
        new FileInfo(program).Length.Should().BeLessThanOrEqualTo(LargestBytes);
    }

    [Fact]
    public void File_NeedsNeitherALibraryNorALoader()
    {
        (int code, string output, string error) = ChildProcess.Shell($"readelf -lW '{program}'");
        code.Should().Be(0, error);
        output.Should().Contain("LOAD").And.NotContain("INTERP").And.NotContain("DYNAMIC");
    }

    [Fact]
    public async Task Program_InARootWithNothingElse_ScoresAFileAndConvertsACheckpoint()
    {
        Assert.SkipUnless(ChildProcess.Shell("unshare -r true").Code == 0, "this machine lets nobody change the root of a process");
        string checkpoint = Path.Combine(Fixtures.Root, "models", "legal");
        Programs.Copy(program, root.Root);
        (int code, _, string error) = ChildProcess.Shell($"cp -r '{checkpoint}' '{root.Path("checkpoint")}'");
        code.Should().Be(0, error);
        root.Write("in.csv", "text\n第一条　制定本条例。\n");
        using Process process = ChildProcess.Start(
            $"exec env -i HOME=/ PATH=\"$PATH\" unshare -r chroot '{root.Root}' /gau-desktop --browser none --data /data");
        using HttpClient page = await DesktopWindow.Opened(process);
        using (HttpResponseMessage window = await page.GetAsync(
            new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            (await DesktopWindow.Post(page, "/api/type", """{"text":"第一条","pair":null}""")).Should().Contain("\"scores\":[{");
            string job = await DesktopWindow.Post(page, "/api/jobs", """
                {"path":"/in.csv","task":"score","text":"text","pair":null,"id":null,"encoding":"auto","format":null}
                """);
            string id = JsonDocument.Parse(job).RootElement.GetProperty("id").GetString()!;
            ChildProcess.Until(() => File.Exists(root.Path($"data/jobs/{id}/results.jsonl")));
            (await File.ReadAllTextAsync(root.Path($"data/jobs/{id}/results.jsonl"), Cancel)).Should()
                .StartWith("{\"id\":0,\"text\":\"第一条").And.Contain("\"label\":\"");
            // .NET's digests are those of OpenSSL, which is not there either.
            string lines = await DesktopWindow.Post(page, "/api/model/convert", """{"path":"/checkpoint","dialect":"port"}""");
            JsonElement done = JsonDocument.Parse(lines.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("done");
            using ModelFileReader made = ModelFileReader.Open(root.Root + done.GetProperty("path").GetString());
            using ModelFileReader known = ModelFileReader.Open(Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors"));
            made.Hash.Should().Be(known.Hash);
            made.Description.Provenance.SourceSha256.Should().Be(known.Description.Provenance.SourceSha256);
            (await DesktopWindow.Post(page, "/api/type", """{"text":"第一条","pair":null}""")).Should().Contain("\"scores\":[{");
        }
        ChildProcess.End(process).Should().Be(0, "its window was closed");
    }

    /// <summary>The last call of Linux 3.17 is getrandom; newer ones are unknown.</summary>
    [Fact]
    public async Task Program_WithTheSystemCallsOfLinux3_17_Answers()
    {
        using Process process = ChildProcess.Start(
            $"exec '{OldKernel.Program}' 318 '{program}' --browser none --data '{root.Path("data")}'");
        using HttpClient page = await DesktopWindow.Opened(process);
        using (HttpResponseMessage window = await page.GetAsync(
            new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
            (await DesktopWindow.Post(page, "/api/type", """{"text":"第一条","pair":null}""")).Should().Contain("\"scores\":[{");
        ChildProcess.End(process).Should().Be(0, "its window was closed");
    }
}
