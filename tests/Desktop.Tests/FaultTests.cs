using System.Net;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Server;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>What goes wrong is said in the window, and nothing is lost.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disk_Full_IsSaidAndTheJobGoesOnWithRoom()
    {
        using TemporaryFolder folder = new();
        string disk = Directory.CreateDirectory(folder.Path("disk")).FullName;
        (int mounted, _, string refusal) = ChildProcess.Shell($"mount -t tmpfs -o size=256k none '{disk}'");
        Assert.SkipUnless(mounted == 0, $"a small file system can only be mounted by root: {refusal}");
        try
        {
            string input = folder.Write("in.csv", SampleJob.Table(3000));
            await using (RunningApplication running = new() { Data = disk })
            {
                await running.InitializeAsync();
                using ByteArrayContent large = new(new byte[1 << 20]);
                large.Headers.Add("X-Gau-Name", "large.csv");
                using HttpResponseMessage refused = await running.Page.PostAsync(
                    new Uri("/api/upload", UriKind.Relative), large, Cancel);
                refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
                (await refused.Content.ReadAsStringAsync(Cancel)).Should().Contain("No space left on device");
                Directory.EnumerateFiles(disk, "*large*", SearchOption.AllDirectories).Should().BeEmpty();

                string id = await running.Begin(input, "text", "nr");
                JsonElement job = await running.Shown(id);
                job.GetProperty("state").GetString().Should().Be("failed");
                job.GetProperty("error").GetString().Should().Contain("No space left on device").And.NotContain("   at ");
                (await running.Post("/api/type", """{"text":"第一条","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);

                ChildProcess.Shell($"mount -o remount,size=16m '{disk}'").Code.Should().Be(0);
                await running.Post("/api/jobs/resume", $$"""{"id":"{{id}}"}""");
                (await running.Ended(id)).Should().Be("done");
                string results = Path.Combine(disk, "jobs", id, "results.jsonl");
                (await File.ReadAllTextAsync(results, Cancel)).Should().Be(SampleJob.Direct(input, RecordFormat.JsonLines));
            }
        }
        finally
        {
            ChildProcess.Shell($"umount --lazy '{disk}'").Code.Should().Be(0);
        }
    }

    [Fact]
    public async Task Model_OfAnotherHead_RefusesTheJobAndLeavesThoseThereAre()
    {
        await using RunningApplication running = new();
        await running.InitializeAsync();
        string input = running.Write("in.csv", "nr,text\n1,第一条\n");
        string before = await running.Begin(input, "text", "nr");
        (await running.Ended(before)).Should().Be("done");
        string path = running.Path("spans.safetensors");
        TinyModel.Write(path, TinyModel.NoHead with { Kind = HeadKind.QuestionAnswering }, positions: 64);
        (HttpStatusCode status, JsonElement model) = await running.Post("/api/model", $$"""{"path":{{JsonSerializer.Serialize(path)}}}""");
        status.Should().Be(HttpStatusCode.OK, model.ToString());
        model.GetProperty("head").GetString().Should().Be("answers");
        model.GetProperty("explains").GetBoolean().Should().BeFalse();
        (await running.Events()).GetProperty("model").GetString().Should().Be(path, "other windows learn of it");

        (status, JsonElement fault) = await running.Post("/api/jobs", RunningApplication.JobOf(input, task: "fill"));
        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        fault.GetProperty("error").GetString().Should().NotBeEmpty().And.NotContain("   at ");
        (status, fault) = await running.Post("/api/explain", """{"text":"x","pair":null}""");
        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        fault.GetProperty("error").GetString().Should().Contain("sequence classifier");

        // The results of the model before are what they were.
        string saved = running.Path("saved.csv");
        (status, _) = await running.Post(
            "/api/jobs/save", $$"""{"id":"{{before}}","path":{{JsonSerializer.Serialize(saved)}},"format":"csv","replace":false}""");
        status.Should().Be(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Be(SampleJob.Direct(input, RecordFormat.Csv));
    }

    [Fact]
    public async Task File_ThatVanishesBehindTheDialog_IsNamed()
    {
        await using RunningApplication running = new();
        await running.InitializeAsync();
        string input = running.Write("here.csv", "text\n第一条\n"), folder = Directory.CreateDirectory(running.Path("there")).FullName;
        File.Delete(input);
        Directory.Delete(folder);
        foreach ((string path, string call) in ((string, string)[])
            [
                ("/api/preview", $$"""{"path":{{JsonSerializer.Serialize(input)}},"encoding":"auto","format":null}"""),
                ("/api/jobs", RunningApplication.JobOf(input)),
                ("/api/folder", $$"""{"path":{{JsonSerializer.Serialize(folder)}}}"""),
                ("/api/model", $$"""{"path":{{JsonSerializer.Serialize(input)}}}"""),
            ])
        {
            (HttpStatusCode status, JsonElement fault) = await running.Post(path, call);
            status.Should().Be(HttpStatusCode.UnprocessableEntity);
            fault.GetProperty("error").GetString().Should().Contain(path == "/api/folder" ? "there" : "here.csv").And.NotContain("   at ");
        }
    }

    [Fact]
    public void Folder_ThatMayNotBeLookedInto_IsNotEmpty()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "on Windows who made a folder may look into it");
        using TemporaryFolder folder = new();
        string closed = Directory.CreateDirectory(folder.Path("closed")).FullName;
        ChildProcess.Shell($"chmod 0 '{closed}'").Code.Should().Be(0);
        try
        {
            Assert.SkipWhen(ChildProcess.Shell($"ls '{closed}'").Code == 0, "this user may look into any folder");
            FluentActions.Invoking(() => FolderListing.Of(closed)).Should().Throw<UnauthorizedAccessException>();
        }
        finally
        {
            ChildProcess.Shell($"chmod 700 '{closed}'");
        }
    }

    [Fact]
    public void Fault_OfAJobThatIsAnother_SaysWhatCanBeDoneInTheWindow()
    {
        const string Remedy = "; put back what has changed, or remove this table and open its file anew";
        FaultLine.Of(new ScoringException(
            ScoringFault.Mismatch, "belongs to another job (model); --force starts over", "/x/results.jsonl.journal"))
            .Should().Be("results.jsonl.journal: belongs to another job (model)" + Remedy);
        FaultLine.Of(new ScoringException(ScoringFault.Mismatch, "the input has changed")).Should().Be("the input has changed" + Remedy);
        FaultLine.Of(new GauFormatException("j", "offset 5", "is no entry of a journal; --force starts over"))
            .Should().EndWith("is no entry of a journal" + Remedy);
        FaultLine.Of(new ScoringException(ScoringFault.Busy, "another is at it")).Should().Be("another is at it");
    }

    // A job's folder that somebody has changed costs itself alone.
    [Theory]
    [InlineData("job.json", "{")]
    [InlineData("job.json", "{\"name\":null}")]
    [InlineData("results.jsonl", "no row\n")]
    [InlineData("vectors.npy", "no matrix")]
    public async Task Folder_OfAJobThatIsBroken_CostsItselfAlone(string name, string content)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.csv", "nr,text\n1,第一条\n");
        string id;
        await using (RunningApplication first = new() { Data = folder.Path("data") })
        {
            await first.InitializeAsync();
            id = await first.Score(input, "text", "nr");
            await first.Score(input, "text", "nr");
        }
        await File.WriteAllTextAsync(folder.Path($"data/jobs/{id}/{name}"), content, Cancel);
        await using RunningApplication again = new() { Data = folder.Path("data") };
        await again.InitializeAsync();
        string[] jobs = [.. again.Application.Jobs.All.Select(job => job.Folder.Id)];
        jobs.Should().HaveCount(name == "job.json" ? 1 : 2);
        foreach (string job in jobs)
        {
            (HttpStatusCode status, JsonElement answer) = await again.Post(
                "/api/search", $$"""{"id":"{{job}}","query":"第一条","top":1}""");
            int expected = job == id && name != "job.json" ? 422 : 409;   // there are no vectors yet
            ((int)status).Should().Be(expected, answer.ToString());
        }
    }

    [Fact]
    public async Task Upload_InPiecesThatStop_LeavesNothingWhenItsSenderGoes()
    {
        await using RunningApplication running = new();
        await running.InitializeAsync();
        string jobs = running.Path("data/jobs");
        using (System.Net.Sockets.TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, running.Application.Server.Address.Port, Cancel);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:{running.Application.Server.Address.Port}\r\nOrigin: {running.Origin}\r\n"
                + $"X-Gau-Token: {running.Token}\r\nX-Gau-Name: a.csv\r\nContent-Length: 1000\r\n\r\nbeginning"), Cancel);
            ChildProcess.Until(() => Directory.EnumerateDirectories(jobs).Any());
            // Others are answered meanwhile.
            (await running.Post("/api/type", """{"text":"第一条","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
        }
        ChildProcess.Until(() => !Directory.EnumerateDirectories(jobs).Any());
    }
}
