using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>The program as a process: how it begins and ends, and what others on the machine can learn of it.</summary>
public sealed partial class ProgramTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Command => $"{ChildProcess.Command("gau-desktop")} --data '{folder.Path("data")}'";

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Port_ThatCannotBeHad_Ends69WithALine()
    {
        // A network with one port, which the first of two programs has.
        const string Network = "unshare -rn bash -c 'echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range'";
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && ChildProcess.Shell(Network).Code == 0, "this system lets nobody make a network of one port");
        string script = folder.Write(
            "twice",
            $"""
            echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range
            {Command} --browser none 2>'{folder.Path("first")}' &
            until grep -qs 127.0.0.1 '{folder.Path("first")}'; do sleep 0.05; done
            {Command} --browser none
            code=$?
            kill $!
            wait
            exit $code
            """);
        (int code, _, string error) = ChildProcess.Shell($"unshare -rn bash '{script}'");
        code.Should().Be(ExitCode.Unsupported, error);
        error.Should().MatchRegex("^error: no port of 127.0.0.1 can be had: [^\n]+\n$");
    }

    [Theory]
    [InlineData("--browser /nowhere/chromium", "/nowhere/chromium: ")]
    [InlineData("--browser none", "no browser is opened")]
    public async Task Browser_ThatIsNone_LeavesTheAddressAndTheProgramEndsWithItsWindow(string option, string reason)
    {
        using Process process = ChildProcess.Start($"exec {Command} {option}");
        (Uri address, string token, string line) = await Opened(process);
        line.Should().StartWith("gau-desktop: " + reason);
        using HttpClient page = PageOf(address, token);
        using (HttpResponseMessage window = await page.GetAsync(
            new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            window.StatusCode.Should().Be(HttpStatusCode.OK);
            process.HasExited.Should().BeFalse();
        }
        ChildProcess.End(process).Should().Be(ExitCode.Ok);
        Directory.EnumerateFiles(folder.Path("data"), "open-*").Should().BeEmpty("the token goes with the program");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task Signal_EndsTheProgram(string signal, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals");
        using Process process = ChildProcess.Start($"exec {Command} --browser none");
        await Opened(process);
        ChildProcess.Shell($"kill -{signal} {process.Id}").Code.Should().Be(0);
        ChildProcess.End(process).Should().Be(code);
    }

    [Fact]
    public async Task Data_OfAUserWhoHasNoFolderForIt_LieBelowTheUsersOwn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there the folder is always there");
        string home = Directory.CreateDirectory(folder.Path("home")).FullName;
        using Process process = ChildProcess.Start(
            $"cd '{folder.Root}' && exec env -u XDG_DATA_HOME HOME='{home}' {ChildProcess.Command("gau-desktop")} --browser none");
        await Opened(process);
        Directory.Exists(Path.Combine(home, ".local", "share", "gau-desktop", "jobs")).Should().BeTrue();
        Directory.GetDirectories(folder.Root).Should().Equal(home);
        ChildProcess.Shell($"kill -TERM {process.Id}").Code.Should().Be(0);
        ChildProcess.End(process);
    }

    // A browser that is a snap cannot look into hidden folders: not tried on Ubuntu itself.
    [Fact]
    public async Task Browser_ThatIsASnap_IsGivenAFolderOfItsOwnToTheEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "snaps are of Linux");
        string home = Directory.CreateDirectory(folder.Path("home")).FullName, arguments = folder.Path("arguments");
        string browser = folder.Write(
            "browser", $"#!/bin/sh\n# exec /snap/bin/chromium \"$@\"\nprintf '%s\\n' \"$@\" >'{arguments}'\n");
        ChildProcess.Shell($"chmod 755 '{browser}'").Code.Should().Be(0);
        using Process process = ChildProcess.Start($"exec env HOME='{home}' {Command} --browser '{browser}'");
        (await process.StandardError.ReadLineAsync(Cancel)).Should().Contain("until its window is closed");
        ChildProcess.Until(() => File.Exists(arguments) && File.ReadAllText(arguments).EndsWith('\n'));
        string own = Directory.GetDirectories(home, "gau-desktop.*").Single();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(own).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string page = Directory.GetFiles(own, "open-*.html").Single();
        (await File.ReadAllLinesAsync(arguments, Cancel)).Should().Contain(
            [$"--app=file://{page}", $"--user-data-dir={own}/window"]);
        ChildProcess.Shell($"kill -TERM {process.Id}").Code.Should().Be(0);
        ChildProcess.End(process);
        Directory.Exists(own).Should().BeFalse();
    }

    // The command line of a browser can be seen by all users of a machine, its memory and files of its user cannot.
    [Fact]
    public async Task SecondUser_OnTheSameMachine_LearnsNoToken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can be another user");
        string browser = folder.Write("browser", $"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{folder.Path("arguments")}'\n");
        ChildProcess.Shell($"chmod 755 '{folder.Root}' '{browser}'").Code.Should().Be(0);
        using Process process = ChildProcess.Start($"exec {Command} --browser '{browser}'");
        string line = (await process.StandardError.ReadLineAsync(Cancel))!;
        line.Should().MatchRegex("^gau-desktop: listens on http://127.0.0.1:[0-9]+ until its window is closed$");
        string origin = line.Split(' ')[3];
        ChildProcess.Until(() => File.Exists(folder.Path("arguments")) && File.ReadAllText(folder.Path("arguments")).EndsWith('\n'));
        string page = Directory.EnumerateFiles(folder.Path("data"), "open-*.html").Single();
        string token = Token().Match(await File.ReadAllTextAsync(page, Cancel)).Groups[1].Value;
        token.Should().HaveLength(64);

        File.ReadAllText(folder.Path("arguments")).Should().Contain("--app=file:///").And.NotContain(token);
        string Other(string command) => ChildProcess.Shell(
            $"setpriv --reuid={Nobody} --regid={Nobody} --clear-groups bash '{folder.Write("other", command)}' 2>&1").Output;
        Other("id -u").Trim().Should().Be(Nobody);
        Other($"cat '{page}'").Should().Contain("Permission denied").And.NotContain(token);
        Other($"ls -R '{folder.Path("data")}'").Should().Contain("Permission denied");
        Other($"tr '\\0' ' ' </proc/{process.Id}/cmdline").Should().Contain("gau-desktop").And.NotContain(token);
        Other($"cat /proc/{process.Id}/environ").Should().Contain("Permission denied");
        // It reaches the port as everybody does, and gets no further.
        Uri address = new(origin);
        Other($"exec 3<>/dev/tcp/127.0.0.1/{address.Port}\n"
            + $"printf 'GET /api/start HTTP/1.1\\r\\nHost: {address.Authority}\\r\\nConnection: close\\r\\n\\r\\n' >&3\ncat <&3\n")
            .Should().StartWith("HTTP/1.1 401 ").And.NotContain(token).And.NotContain("legal");
        ChildProcess.Shell($"kill -TERM {process.Id}");
        ChildProcess.End(process);
    }

    [Fact]
    public async Task Killed_InTheMiddleOfAJob_GoesOnWithTheSameBytes()
    {
        TestLevel.RequireCi();
        string input = "", id = "";
        foreach (int rows in SampleJob.Sizes)
        {
            input = folder.Write($"in-{rows}.csv", SampleJob.Table(rows));
            using Process process = ChildProcess.Start($"exec {Command} --browser none");
            (Uri address, string token, _) = await Opened(process);
            using HttpClient page = PageOf(address, token);
            using StringContent call = new(RunningApplication.JobOf(input, "text", "nr"), Encoding.UTF8, "application/json");
            using HttpResponseMessage begun = await page.PostAsync(new Uri("/api/jobs", UriKind.Relative), call, Cancel);
            begun.StatusCode.Should().Be(HttpStatusCode.OK);
            using JsonDocument job = JsonDocument.Parse(await begun.Content.ReadAsStringAsync(Cancel));
            id = job.RootElement.GetProperty("id").GetString()!;
            string results = folder.Path($"data/jobs/{id}/results.jsonl");
            FileInfo partial = new(results + ".partial");
            ChildProcess.Until(() =>
            {
                partial.Refresh();
                return partial is { Exists: true, Length: > 0 } || File.Exists(results);
            });
            process.Kill();
            process.WaitForExit();
            if (!File.Exists(results))
                break;
        }
        await using RunningApplication again = new() { Data = folder.Path("data") };
        await again.InitializeAsync();
        (await again.Ended(id)).Should().Be("stopped");
        await again.Post("/api/jobs/resume", $$"""{"id":"{{id}}"}""");
        (await again.Ended(id)).Should().Be("done");
        (await File.ReadAllTextAsync(folder.Path($"data/jobs/{id}/results.jsonl"), Cancel))
            .Should().Be(SampleJob.Direct(input, RecordFormat.JsonLines));
    }

    [Theory]
    [InlineData("missing.csv", 66, "missing.csv: no such file")]
    [InlineData("--model missing.safetensors", 66, "missing.safetensors")]
    [InlineData("--model .", 66, "a folder is no model file")]
    [InlineData("--nothing", 2, "--nothing")]
    [InlineData("''", 2, "the name of a file is empty")]
    public void Start_WithWhatIsNotThere_EndsWithALine(string arguments, int code, string reason)
    {
        (int ended, string output, string error) = ChildProcess.Shell($"cd '{folder.Root}' && {Command} --browser none {arguments}");
        ended.Should().Be(code, error);
        output.Should().BeEmpty();
        error.Should().StartWith("error: ").And.Contain(reason).And.EndWith("\n");
        error.TrimEnd('\n').Should().NotContain("\n");
    }

    private static async Task<(Uri Address, string Token, string Line)> Opened(Process process)
    {
        string line = (await process.StandardError.ReadLineAsync(Cancel))!;
        Match open = Opening().Match(line);
        open.Success.Should().BeTrue(line);
        return (new Uri(open.Groups[1].Value), open.Groups[2].Value, line);
    }

    private static HttpClient PageOf(Uri address, string token)
    {
        HttpClient page = new() { BaseAddress = address, Timeout = ChildProcess.Patience };
        page.DefaultRequestHeaders.Add("X-Gau-Token", token);
        page.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        return page;
    }

    [GeneratedRegex("; open (http://127.0.0.1:[0-9]+)/#([0-9a-f]{64})$")]
    private static partial Regex Opening();

    [GeneratedRegex("#([0-9a-f]+)\"")]
    private static partial Regex Token();
}
