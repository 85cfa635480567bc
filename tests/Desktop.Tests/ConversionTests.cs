using System.Net;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Server;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>A checkpoint becomes the model that <c>gau-convert</c> makes of it.</summary>
public sealed class ConversionTests : IAsyncLifetime
{
    // The one that the model inside the program was made of.
    private static readonly string Checkpoint = Path.Combine(Fixtures.Root, "models", "legal");

    private readonly RunningApplication running = new();   // whose model is switched here

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Models => running.Path(Path.Combine("data", "models"));

    public ValueTask InitializeAsync() => running.InitializeAsync();

    public ValueTask DisposeAsync() => running.DisposeAsync();

    [Fact]
    public async Task Checkpoint_Converted_IsTheModelOfGauConvert()
    {
        (HttpStatusCode status, JsonElement fault) = await running.Post("/api/model", Call(Checkpoint));
        status.Should().Be(HttpStatusCode.Conflict);
        fault.GetProperty("kind").GetString().Should().Be(ApiFaultKind.Checkpoint);

        JsonElement[] lines = await Convert(Checkpoint);
        double[] shares = [.. lines.Select(line => line.GetProperty("share")).Where(IsThere).Select(s => s.GetDouble())];
        shares.Should().BeInAscendingOrder().And.EndWith(1);
        lines.Select(line => line.GetProperty("message")).Where(IsThere).Select(m => m.GetString())
            .Should().Contain(line => line!.StartsWith("found safetensors checkpoint", StringComparison.Ordinal));
        JsonElement done = lines[^1].GetProperty("done");
        done.GetProperty("matrices").GetArrayLength().Should().BePositive();
        (await File.ReadAllTextAsync(done.GetProperty("report").GetString()!, Cancel)).Should().StartWith("<!doctype html>");

        string path = done.GetProperty("path").GetString()!;
        (status, JsonElement model) = await running.Post("/api/model", Call(path));
        status.Should().Be(HttpStatusCode.OK);
        model.GetProperty("name").GetString().Should().Be("legal.safetensors");
        using GauModel made = GauModel.Load(path), known = GauModel.Load(Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors"));
        made.File.Hash.Should().Be(known.File.Hash);

        // It is used, and then needed, and then nobody's.
        (await Remove(path)).Should().Be(HttpStatusCode.Conflict);
        string job = await running.Score(running.Write("in.csv", "text\n第一条\n"));
        await running.Post("/api/model", Call(""));
        (await Remove(path)).Should().Be(HttpStatusCode.Conflict);
        (status, _) = await running.Post("/api/jobs/remove", $$"""{"id":"{{job}}"}""");
        status.Should().Be(HttpStatusCode.NoContent);
        (await Remove(path)).Should().Be(HttpStatusCode.NoContent);
        Directory.EnumerateFileSystemEntries(Models).Should().BeEmpty();
    }

    [Fact]
    public void Conversion_Cancelled_LeavesNothingAndGoesNoFurther()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancel = new();
        ModelConversion conversion = new(new ModelStore(folder.Root));
        int told = 0;
        FluentActions.Invoking(() => conversion.Run(
            new ConversionCall(Checkpoint, "port"),
            line =>
            {
                cancel.IsCancellationRequested.Should().BeFalse("nothing is told after that");
                told++;
                if (line.Share is not null)
                    cancel.Cancel();
            },
            cancel.Token)).Should().Throw<OperationCanceledException>();
        told.Should().BePositive();
        Directory.EnumerateFileSystemEntries(folder.Root).Should().BeEmpty();
    }

    [Theory]
    [InlineData("empty", null, null)]
    [InlineData("other", "notes.md", "no weights here")]
    [InlineData("broken", "model.safetensors", "\u0001\0\0\0\0\0\0\u0080{}")]
    [InlineData("page", "pytorch_model.bin", "<!doctype html><title>Sign in</title>")]
    public async Task Folder_ThatIsNoCheckpoint_IsNamedAndNothingChanges(string name, string? file, string? content)
    {
        string folder = running.Path(name);
        Directory.CreateDirectory(folder);
        if (file is not null)
            running.Write($"{name}/{file}", System.Text.Encoding.Latin1.GetBytes(content!));
        JsonElement[] lines = await Convert(folder);
        string error = lines[^1].GetProperty("fault").GetProperty("error").GetString()!;
        error.Should().Contain(name).And.NotContain("\n").And.NotContain("   at ");
        Directory.EnumerateFileSystemEntries(Models).Should().BeEmpty();
        (await running.Post("/api/type", """{"text":"第一条","pair":null}""")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/model", "{\"path\":\"models/legal\"}")]   // which folder would that be?
    [InlineData("/api/model/convert", "{\"path\":\"models/legal\",\"dialect\":\"port\"}")]
    [InlineData("/api/model/convert", "{\"path\":\"/x\",\"dialect\":\"other\"}")]
    [InlineData("/api/models/remove", "{\"path\":\"x\"}")]
    public async Task Call_ThatNoPageMakes_IsABadRequest(string path, string json) =>
        (await running.Post(path, json)).Status.Should().Be(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Remove_WhatIsNotAModelOfTheStore_IsRefused()
    {
        string other = running.Write("mine.safetensors", "mine");
        (await Remove(other)).Should().Be(HttpStatusCode.NotFound);
        (await Remove(Path.Combine(Models, "x", "..", "..", "..", "mine.safetensors"))).Should().Be(HttpStatusCode.NotFound);
        File.Exists(other).Should().BeTrue();
    }

    [Fact]
    public void Store_WhatAnEndedProgramLeft_IsRemovedWhenItIsOld()
    {
        using TemporaryFolder folder = new();
        string old = Directory.CreateDirectory(folder.Path("old")).FullName;
        string young = Directory.CreateDirectory(folder.Path("young")).FullName;
        string whole = Directory.CreateDirectory(folder.Path("whole")).FullName;
        folder.Write("old/a.safetensors.tmp.1", "half");
        string model = folder.Write("whole/a.safetensors", "all");
        foreach (string each in (string[])[old, whole])
            Directory.SetLastWriteTimeUtc(each, DateTime.UtcNow.AddDays(-2));
        ModelStore store = new(folder.Root);
        Directory.Exists(old).Should().BeFalse();
        Directory.Exists(young).Should().BeTrue();
        store.All.Select(each => each.Path).Should().Equal(model);
    }

    private static bool IsThere(JsonElement value) => value.ValueKind != JsonValueKind.Null;

    private static string Call(string path) => $$"""{"path":{{JsonSerializer.Serialize(path)}}}""";

    private async Task<HttpStatusCode> Remove(string path) => (await running.Post("/api/models/remove", Call(path))).Status;

    private async Task<JsonElement[]> Convert(string path)
    {
        using StringContent content = new(
            $$"""{"path":{{JsonSerializer.Serialize(path)}},"dialect":"port"}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await running.Page.PostAsync(
            new Uri("/api/model/convert", UriKind.Relative), content, Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return
        [
            .. (await response.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }
}
