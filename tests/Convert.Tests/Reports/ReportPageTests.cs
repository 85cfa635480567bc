using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using GauRuntime.TestSupport;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>The page as a browser shows it.</summary>
public sealed class ReportPageTests : IDisposable
{
    private const string Browser = "/usr/bin/chromium";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_InABrowser_ShowsVerdictChartsAndTables()
    {
        Assert.SkipUnless(File.Exists(Browser), $"the page is opened in Debian's chromium, which is not at {Browser}");
        string page = Page();
        string dom = Run(page, "--dump-dom");
        dom.Should().Contain("<h1>What was chosen keeps ").And.Contain(" of 12 labels, moves a probability by ");
        foreach (string id in (string[])["auto", "kept", "drift", "noise", "cosine", "outliers", "masked", "weights"])
            dom.Should().Contain($"<title id=\"{id}-title\">").And.Contain($"<desc id=\"{id}-desc\">");
        dom.Should().Contain("<th scope=\"row\">layers.1.gau.o_dense</th>").And.NotContain("NaN");

        string picture = folder.Path("page.png");
        Run(page, "--hide-scrollbars", "--window-size=1100,2600", $"--screenshot={picture}");
        byte[] png = File.ReadAllBytes(picture);
        png.AsSpan(1, 3).SequenceEqual("PNG"u8).Should().BeTrue();
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).Should().Be(1100);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)).Should().Be(2600);
        // An empty page of that size has a fifth of it.
        png.Length.Should().BeGreaterThan(80_000);
    }

    [Fact]
    public void Page_Source_HasNoScriptAndNothingOfTheNetwork()
    {
        string source = File.ReadAllText(Page());
        source.Should().NotContain("<script").And.NotContain("http://").And.NotContain("https://")
            .And.NotContain("url(").And.NotContain("@import");
        source.Should().Contain("default-src 'none'").And.Contain("prefers-color-scheme: dark").And.Contain("@media print");
    }

    [Fact]
    public void Page_EveryClass_HasARule() =>
        PageMarkup.ClassesWithoutRule(File.ReadAllText(Page())).Should().BeEmpty();

    [Fact]
    public void Page_TextsWithMarkup_AreShownNotObeyed()
    {
        TinyCheckpoint.Write(folder);
        const string evil = "<img src=x onerror=alert(1)>";
        string texts = folder.Path($"{evil.Replace("/", "", StringComparison.Ordinal)}.txt");
        File.WriteAllText(texts, evil + "\n");
        string page = folder.Path("evil.html");
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--report", page, "--texts", texts).Code.Should().Be(0);
        string source = File.ReadAllText(page);
        source.Should().NotContain(evil).And.Contain(WebUtility.HtmlEncode(evil));
    }

    private string Page()
    {
        string texts = TinyCheckpoint.Write(folder), page = folder.Path("report.html");
        Tool.Run(folder.Root, "-o", folder.Path("model"), "--report", page, "--auto", "100%", "--texts", texts,
            "--label", "kind").Code.Should().Be(0);
        return page;
    }

    private string Run(string page, params string[] options)
    {
        using Process browser = Process.Start(new ProcessStartInfo(Browser,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            $"--user-data-dir={folder.Path(Guid.NewGuid().ToString("N"))}", .. options, "file://" + page,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = browser.StandardError.ReadToEndAsync();
        Task<string> output = browser.StandardOutput.ReadToEndAsync();
        if (!browser.WaitForExit(ChildProcess.Patience))
        {
            browser.Kill(entireProcessTree: true);
            throw new TimeoutException("chromium did not end: " + error.Result);
        }
        browser.ExitCode.Should().Be(0, error.Result);
        return output.Result;
    }
}
