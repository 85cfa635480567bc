using System.Net;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>A job of the window is a job of <c>gau</c>: the same rows, exactly once.</summary>
public sealed class JobTests(RunningApplication running)
{
    private const string Csv = "nr,text,note\n7,本条例自公布之日起施行。,\"a, b\"\n8,,empty\n9,街道办事处可以调取视频资料。,\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("csv", RecordFormat.Csv)]
    [InlineData("tsv", RecordFormat.Tsv)]
    [InlineData("jsonl", RecordFormat.JsonLines)]
    public async Task Results_Saved_AreTheBytesOfARunIntoThatFormat(string name, RecordFormat format)
    {
        string input = running.Write($"saved-{name}.csv", Csv), saved = running.Path($"out.{name}");
        string id = await running.Score(input, "text", "nr");
        (HttpStatusCode status, JsonElement _) = await running.Post("/api/jobs/save", Save(id, saved, name));
        status.Should().Be(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Be(SampleJob.Direct(input, format));
    }

    [Theory]
    [InlineData("csv", RecordFormat.Csv)]
    [InlineData("tsv", RecordFormat.Tsv)]
    public async Task Results_SavedWhenTheFileIsGone_AreTheSame(string name, RecordFormat format)
    {
        string input = running.Write($"gone-{name}.csv", Csv), saved = running.Path($"gone.{name}");
        string expected = SampleJob.Direct(input, format), id = await running.Score(input, "text", "nr");
        File.Delete(input);
        (HttpStatusCode status, JsonElement _) = await running.Post("/api/jobs/save", Save(id, saved, name));
        status.Should().Be(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Be(expected);
    }

    [Fact]
    public async Task Results_SavedWhenTheFileHasOtherColumns_KeepTheirs()
    {
        string input = running.Write("renamed.csv", Csv), saved = running.Path("renamed-out.csv");
        string expected = SampleJob.Direct(input, RecordFormat.Csv), id = await running.Score(input, "text", "nr");
        running.Write("renamed.csv", Csv.Replace("note", "remark", StringComparison.Ordinal));
        (HttpStatusCode status, JsonElement _) = await running.Post("/api/jobs/save", Save(id, saved, "csv"));
        status.Should().Be(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Be(expected);
    }

    [Theory]
    [InlineData("parquet", "PAR1")]
    [InlineData("arrow", "ARROW1")]
    public async Task Results_SavedAsATable_AreReadAgain(string format, string magic)
    {
        string id = await running.Score(running.Write($"to-{format}.csv", Csv), "text", "nr");
        string saved = running.Path($"table.{format}");
        (HttpStatusCode status, JsonElement _) = await running.Post("/api/jobs/save", Save(id, saved, format));
        status.Should().Be(HttpStatusCode.NoContent);
        byte[] table = await File.ReadAllBytesAsync(saved, Cancel);
        Encoding.ASCII.GetString(table[..magic.Length]).Should().Be(magic);
        Encoding.ASCII.GetString(table[^magic.Length..]).Should().Be(magic);

        (status, JsonElement preview) = await running.Post("/api/preview", Preview(saved));
        status.Should().Be(HttpStatusCode.OK);
        preview.GetProperty("text").GetString().Should().Be("text");
        string[] columns = [.. preview.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!)];
        columns.Should().Contain(["id", "label", "score", "text", "note"]);
        JsonElement[] rows = [.. preview.GetProperty("rows").EnumerateArray()];
        rows.Should().HaveCount(3);
        rows[0][Array.IndexOf(columns, "note")].GetString().Should().Be("a, b");
        rows[2][Array.IndexOf(columns, "text")].GetString().Should().Be("街道办事处可以调取视频资料。");
    }

    [Theory]
    [InlineData("lines.jsonl", "{\"id\":1,\"text\":\"第一条\"}\n\nbroken\n{\"id\":2,\"text\":null,\"more\":[1]}\n")]
    [InlineData("array.json", "[\n {\"id\": 1,\n  \"text\": \"第一条\"},\n {\"id\": 2, \"text\": null, \"more\": [1]}\n]\n")]
    public async Task Preview_OfJson_ShowsTheFieldsOfItsObjects(string name, string content)
    {
        (HttpStatusCode status, JsonElement answer) = await running.Post("/api/preview", Preview(running.Write(name, content)));
        status.Should().Be(HttpStatusCode.OK);
        answer.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).Should().Equal("id", "text", "more");
        answer.GetProperty("rows").EnumerateArray().Select(row => string.Join('|', row.EnumerateArray().Select(c => c.GetString())))
            .Should().Equal("1|第一条|", "2||[1]");
        answer.GetProperty("id").GetString().Should().Be("id");
    }

    [Theory]
    [InlineData("text.parquet", "id,text\n")]
    [InlineData("text.arrow", "id,text\n")]
    [InlineData("picture.csv", "\u0089PNG\r\n\u001a\n\0\0\0\0")]
    [InlineData("cut.parquet", "PAR1")]
    public async Task Preview_OfWhatItsNameDoesNotSay_NamesTheFile(string name, string content)
    {
        string path = running.Write("odd-" + name, Encoding.Latin1.GetBytes(content));
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/preview", Preview(path));
        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        fault.GetProperty("error").GetString().Should().Contain(name).And.NotContain("   at ");
    }

    [Fact]
    public async Task Save_OverAFile_IsRefusedUnlessAsked()
    {
        string id = await running.Score(running.Write("kept.csv", Csv), "text", "nr");
        string saved = running.Write("there.csv", "mine");
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/jobs/save", Save(id, saved, "csv"));
        status.Should().Be(HttpStatusCode.Conflict);
        fault.GetProperty("kind").GetString().Should().Be(ApiFaultKind.Refused);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Be("mine");
    }

    [Fact]
    public async Task Table_OfAJob_CountsLabelsAndRejects()
    {
        string id = await running.Score(running.Write("counted.csv", Csv), "text", "nr");
        (HttpStatusCode status, JsonElement summary) = await running.Post("/api/table", Query(id));
        status.Should().Be(HttpStatusCode.OK);
        summary.GetProperty("rows").GetInt32().Should().Be(3);
        (_, JsonElement rows) = await running.Post("/api/table/rows", Query(id));
        rows.EnumerateArray().Select(row => row.GetProperty("#").GetInt32()).Should().Equal(0, 1, 2);
        rows[0].GetProperty("fields").GetProperty("note").GetString().Should().Be("a, b");
    }

    [Fact]
    public async Task Search_ByMeaning_FindsTheTextItself()
    {
        string id = await running.Score(running.Write("meaning.csv", Csv), "text", "nr");
        await running.Post("/api/search/prepare", $$"""{"id":"{{id}}"}""");
        (await running.Ended(id)).Should().Be("done");
        (HttpStatusCode status, JsonElement rows) = await running.Post(
            "/api/search", $$"""{"id":"{{id}}","query":"街道办事处可以调取视频资料。","top":2}""");
        status.Should().Be(HttpStatusCode.OK);
        rows[0].GetProperty("#").GetInt32().Should().Be(2);
        rows[0].GetProperty("#close").GetSingle().Should().BeGreaterThan(0.99f);
    }

    [Fact]
    public async Task Search_FileSortedOtherwiseSince_FindsTheRowsThatWereScored()
    {
        string input = running.Write("sorted.csv", Csv);
        string id = await running.Score(input, "text", "nr");
        string[] lines = Csv.TrimEnd('\n').Split('\n');
        running.Write("sorted.csv", string.Join('\n', [lines[0], lines[3], lines[2], lines[1]]) + "\n");
        await running.Post("/api/search/prepare", $$"""{"id":"{{id}}"}""");
        (await running.Ended(id)).Should().Be("done");
        (_, JsonElement rows) = await running.Post(
            "/api/search", $$"""{"id":"{{id}}","query":"街道办事处可以调取视频资料。","top":1}""");
        rows[0].GetProperty("#").GetInt32().Should().Be(2);
        rows[0].GetProperty("text").GetString().Should().Be("街道办事处可以调取视频资料。");
    }

    [Fact]
    public void Search_OfMasksThatWereFilled_SkipsRowsThatHadNone()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.csv", "nr,text,note\n1,没有空,\n2,本办法由国务院[MASK]政部门负责解释。,\n3,街道办事[MASK]可以调取视频资料。,\n");
        using ModelShelf models = new(null);
        using DesktopJob job = new(JobFolder.Create(
            folder.Path("jobs"), SampleJob.Describe(input) with { Task = JobDescription.Fill }));
        foreach (bool vectors in (bool[])[false, true])
        {
            job.TryQueue(vectors).Should().BeTrue();
            job.Work(models);
            job.Answer().State.Should().Be("done", job.Answer().Error);
        }
        job.Search(models, Cancel).Find("街道办事[MASK]可以调取视频资料。", 2).Select(found => found.Row).Should().Equal(2, 1);
    }

    [Fact]
    public void Search_WhenTheModelIsAnother_IsRefusedUntilItIsPutBack()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.csv", Csv), model = folder.Path("tiny.safetensors");
        TinyModel.Write(model, TinyModel.Sequence);
        using ModelShelf models = new(null);
        JobFolder made = JobFolder.Create(folder.Path("jobs"), SampleJob.Describe(input) with { Model = model });
        using (DesktopJob job = new(made))
        {
            Work(job, vectors: false);
            Work(job, vectors: true);
            job.Search(models, Cancel).Find("街道办事处", 1).Should().ContainSingle();
        }
        File.Delete(model);
        TinyModel.Write(model, TinyModel.Sequence, (_, weights) => weights.Reverse());
        using DesktopJob again = new(made);
        FluentActions.Invoking(() => again.Search(models, Cancel)).Should().Throw<GauFormatException>()
            .WithMessage($"{made.Vectors}: model: made by another model than {model} is now: put that one back, or *");
        File.Delete(model);
        TinyModel.Write(model, TinyModel.Sequence);
        again.Search(models, Cancel).Find("街道办事处", 1).Should().ContainSingle();

        void Work(DesktopJob job, bool vectors)
        {
            job.TryQueue(vectors).Should().BeTrue();
            job.Work(models);
            job.Answer().State.Should().Be("done", job.Answer().Error);
        }
    }

    [Fact]
    public async Task Remove_JobThatAnotherWindowWorksOn_IsRefused()
    {
        string id = await running.Score(running.Write("held.csv", Csv), "text", "nr");
        string folder = Directory.GetDirectories(running.Path("data"), id, SearchOption.AllDirectories).Single();
        // As while another program goes on with it.
        JobFolder held = JobFolder.TryOpen(folder, out _)!;
        Array.ForEach([held.Results, held.Rejects], File.Delete);
        using (ScoringJob.Open(held.Rows))
        {
            (HttpStatusCode status, JsonElement fault) = await running.Post("/api/jobs/remove", $$"""{"id":"{{id}}"}""");
            status.Should().Be(HttpStatusCode.Conflict);
            fault.GetProperty("error").GetString().Should().Contain("another window");
        }
        (await running.Post("/api/jobs/remove", $$"""{"id":"{{id}}"}""")).Status.Should().Be(HttpStatusCode.NoContent);
        Directory.Exists(folder).Should().BeFalse();
    }

    [Fact]
    public async Task Table_RecordAsDeepAsOneCanBe_IsShown()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 62)) + string.Concat(Enumerable.Repeat("]", 62));
        string id = await running.Score(
            running.Write("deep.jsonl", $"{{\"nr\":1,\"text\":\"第一条\",\"x\":{deep}}}\n"), "text", "nr");
        (HttpStatusCode status, JsonElement summary) = await running.Post("/api/table", Query(id));
        status.Should().Be(HttpStatusCode.OK);
        summary.GetProperty("rows").GetInt32().Should().Be(1);
        string saved = running.Path("deep.csv");
        (await running.Post("/api/jobs/save", Save(id, saved, "csv"))).Status.Should().Be(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(saved, Cancel)).Should().Contain(deep);
    }

    [Fact]
    public void Folder_OfManyFiles_ShowsTheFirstByName()
    {
        using TemporaryFolder folder = new();
        foreach (int i in Enumerable.Range(0, 5100))
            folder.Write($"{i:d4}.csv", "");
        FolderAnswer answer = FolderListing.Of(folder.Root);
        answer.IsCut.Should().BeTrue();
        answer.Entries.Select(entry => entry.Name).Should().Equal(Enumerable.Range(0, 5000).Select(i => $"{i:d4}.csv"));
    }

    [Theory]
    [InlineData("missing.csv", null)]
    [InlineData("nothing.csv", "a,b\n1,2\n")]   // no such column
    [InlineData("picture.csv", "\u0089PNG\r\n\u001a\n\0\0\0\0")]
    public async Task Job_OfWhatIsNoInput_IsRefusedWithAReason(string name, string? content)
    {
        string path = content is null ? running.Path(name) : running.Write(name, Encoding.Latin1.GetBytes(content));
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/jobs", RunningApplication.JobOf(path));
        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        fault.GetProperty("error").GetString().Should().Contain(name).And.NotContain("   at ");
    }

    [Fact]
    public void Job_CancelledAndResumed_HasTheRowsOfOneThatWasNot()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.csv", Csv);
        using ModelShelf models = new(null);
        DesktopJob job = new(JobFolder.Create(folder.Path("jobs"), SampleJob.Describe(input)));
        job.TryQueue(vectors: false).Should().BeTrue();
        job.Cancel();
        job.Work(models);
        job.Answer().State.Should().Be("stopped");
        File.Exists(job.Folder.Results).Should().BeFalse();

        // As after the program was started anew.
        DesktopJob again = new(JobFolder.TryOpen(job.Folder.Path, out _)!);
        again.Folder.Description.Should().Be(job.Folder.Description);
        again.TryQueue(vectors: false).Should().BeTrue();
        again.Work(models);
        again.Answer().State.Should().Be("done");
        again.TryQueue(vectors: false).Should().BeFalse();
        File.ReadAllText(again.Folder.Results).Should().Be(SampleJob.Direct(input, RecordFormat.JsonLines));
        job.Dispose();
        again.Dispose();
    }

    [Fact]
    public void Job_CancelledWhileItWaits_IsStoppedAtOnceAndNotBegun()
    {
        using TemporaryFolder folder = new();
        using ModelShelf models = new(null);
        using DesktopJob job = new(JobFolder.Create(
            folder.Path("jobs"), SampleJob.Describe(folder.Write("in.csv", Csv))));
        job.TryQueue(vectors: false).Should().BeTrue();
        job.Cancel();
        job.Answer().State.Should().Be("stopped", "the one before it may take hours");
        job.Work(models);   // its turn comes, because it was queued
        File.Exists(job.Folder.Results).Should().BeFalse();
        job.TryQueue(vectors: false).Should().BeTrue();
        job.Work(models);
        job.Answer().State.Should().Be("done");
    }

    [Fact]
    public async Task Job_CancelledInTheMiddleAndResumed_HasTheRowsOfOneThatWasNot()
    {
        using TemporaryFolder folder = new();
        using ModelShelf models = new(null);
        (DesktopJob job, _) = await SampleJob.Cancelled(folder, models);
        job.TryQueue(vectors: false).Should().BeTrue();
        job.Work(models);
        job.Answer().State.Should().Be("done");
        (await File.ReadAllTextAsync(job.Folder.Results, Cancel))
            .Should().Be(SampleJob.Direct(job.Folder.Description.Path, RecordFormat.JsonLines));
        job.Dispose();
    }

    [Fact]
    public void Job_WhoseFileVanishes_FailsWithItsNameAndGoesOnLater()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.csv", Csv);
        using ModelShelf models = new(null);
        using DesktopJob job = new(JobFolder.Create(folder.Path("jobs"), SampleJob.Describe(input)));
        File.Delete(input);
        job.TryQueue(vectors: false);
        job.Work(models);
        job.Answer().State.Should().Be("failed");
        job.Answer().Error.Should().Contain("in.csv");
        folder.Write("in.csv", Csv);
        job.TryQueue(vectors: false).Should().BeTrue();
        job.Work(models);
        job.Answer().State.Should().Be("done");
    }

    [Theory]
    [InlineData("table.csv", "table.csv")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\x\表格.csv", "表格.csv")]
    [InlineData("a:b", "b")]
    [InlineData(".hidden", "hidden")]
    [InlineData("a\0b\n.csv", "a_b_.csv")]
    public async Task Upload_AnyName_StaysInItsFolder(string name, string kept)
    {
        using TemporaryFolder folder = new();
        UploadStore uploads = new(folder.Path("jobs"));
        using MemoryStream content = new([1, 2, 3]);
        UploadAnswer answer = await uploads.Keep(name, content, Cancel);
        UploadStore.NameOf(answer.Path).Should().Be(kept);
        Path.GetDirectoryName(Path.GetDirectoryName(answer.Path)).Should().Be(folder.Path("jobs"));
        uploads.Has(answer.Path).Should().BeTrue();
        uploads.Bytes.Should().Be(3);
        uploads.Remove(answer.Path);
        uploads.Bytes.Should().Be(0);
        Directory.EnumerateDirectories(folder.Path("jobs")).Should().BeEmpty();
    }

    [Fact]
    public async Task Upload_ThatAJobReads_StaysHoweverItsPathIsSpelled()
    {
        using TemporaryFolder folder = new();
        UploadStore uploads = new(folder.Path("jobs"));
        string copy = await OldCopy(uploads);
        string other = Path.Combine(
            folder.Path("link-to-jobs"), Path.GetFileName(Path.GetDirectoryName(copy)!), Path.GetFileName(copy));
        uploads.RemoveUnused([other]);
        File.Exists(copy).Should().BeTrue();
        uploads.RemoveUnused([folder.Path("other.csv")]);
        File.Exists(copy).Should().BeFalse();
    }

    [Fact]
    public async Task Uploads_WhileAJobCannotBeRead_AllStay()
    {
        using TemporaryFolder folder = new();
        string root = folder.Path("jobs");
        UploadStore uploads = new(root);
        string copy = await OldCopy(uploads);
        Directory.CreateDirectory(Path.Combine(root, "broken"));
        string broken = folder.Write("jobs/broken/job.json", "{");
        using ModelShelf models = new(null);
        new JobList(root, models, uploads).Dispose();
        File.Exists(copy).Should().BeTrue("the job may be one that needs it");
        File.Delete(broken);
        new JobList(root, models, uploads).Dispose();
        File.Exists(copy).Should().BeFalse();
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        UploadStore uploads = new(folder.Path("jobs"));
        using BrokenStream content = new();
        await FluentActions.Awaiting(() => uploads.Keep("a.csv", content, Cancel)).Should().ThrowAsync<IOException>();
        Directory.EnumerateDirectories(folder.Path("jobs")).Should().BeEmpty();
        uploads.Bytes.Should().Be(0);
    }

    [Fact]
    public async Task Preview_OfACsv_ShowsColumnsAndGuessesTheText()
    {
        string path = running.Write("preview.csv", Csv);
        (HttpStatusCode status, JsonElement answer) = await running.Post(
            "/api/preview", Preview(path));
        status.Should().Be(HttpStatusCode.OK);
        answer.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).Should().Equal("nr", "text", "note");
        answer.GetProperty("text").GetString().Should().Be("text");
        answer.GetProperty("rows")[0][2].GetString().Should().Be("a, b");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Preview_OfManyColumns_SaysThatNotAllAreShown(string format)
    {
        string[] names = [.. Enumerable.Range(0, 250).Select(i => $"c{i}")];
        string path = running.Write(
            $"wide.{format}",
            format == "csv"
                ? $"{string.Join(',', names)}\n{string.Join(',', names)}\n"
                : JsonSerializer.Serialize(names.ToDictionary(name => name)) + "\n");
        (HttpStatusCode status, JsonElement answer) = await running.Post("/api/preview", Preview(path));
        status.Should().Be(HttpStatusCode.OK);
        answer.GetProperty("columns").GetArrayLength().Should().Be(200);
        answer.GetProperty("rows")[0].GetArrayLength().Should().Be(200);
        answer.GetProperty("note").GetString().Should().Contain("the first 200 of 250 columns are shown");
    }

    // A copy of the day before yesterday.
    private static async Task<string> OldCopy(UploadStore uploads)
    {
        using MemoryStream content = new([1, 2, 3]);
        string path = (await uploads.Keep("a.csv", content, Cancel)).Path;
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        return path;
    }

    private static string Preview(string path) =>
        $$"""{"path":{{JsonSerializer.Serialize(path)}},"encoding":"auto","format":null}""";

    private static string Save(string id, string path, string format) =>
        $$"""{"id":"{{id}}","path":{{JsonSerializer.Serialize(path)}},"format":"{{format}}","replace":false}""";

    private static string Query(string id) => $$"""
        {"id":"{{id}}","labels":null,"from":null,"to":null,"text":null,"rejected":null,"sort":"number",
        "descending":false,"first":0,"count":10}
        """;

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("gone");
    }
}
