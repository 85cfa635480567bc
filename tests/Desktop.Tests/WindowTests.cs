using FluentAssertions;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Window;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>The window: how it is opened, and that the program ends with it.</summary>
public sealed class WindowTests
{
    [Fact]
    public void LaunchPage_HoldsTheTokenForThisUserAlone()
    {
        using TemporaryFolder folder = new();
        string path;
        using (LaunchPage page = LaunchPage.Write(folder.Root, new Uri("http://127.0.0.1:41234/"), "secret"))
        {
            path = page.Path;
            File.ReadAllText(path).Should().Contain("http://127.0.0.1:41234/#secret");
            page.Address.AbsoluteUri.Should().StartWith("file:///").And.NotContain("secret");
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void Browser_OnThePath_IsFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the folders of Windows are others");
        string? Find(string path, params string[] there) => BrowserFinder.Find(
            name => name == "PATH" ? path : null, file => there.Contains(file));
        Find("/a:/b", "/b/chromium").Should().Be("/b/chromium");
        Find("/a:/b", "/b/chromium", "/a/google-chrome").Should().Be("/a/google-chrome");
        Find("/a", "/b/chromium").Should().BeNull();
        Find(".:bin:", "./chromium", "bin/chromium", "chromium").Should().BeNull("what lies in the current folder is not run");
        BrowserFinder.Find(_ => null, _ => true).Should().BeNull();
    }

    [Theory]
    [InlineData("/snap/bin/chromium", null, "\u007fELF", true)]
    [InlineData("/home/me/chromium", "/snap/chromium/1/chrome", "\u007fELF", true)]
    [InlineData("/usr/local/bin/chromium", "/usr/bin/snap", "\u007fELF", true)]
    [InlineData("/usr/bin/chromium-browser", null, "#!/bin/sh\nexec /snap/bin/chromium \"$@\"\n", true)]
    [InlineData("/usr/bin/google-chrome", "/opt/google/chrome/google-chrome", "#!/bin/bash\nexec ./chrome\n", false)]
    [InlineData("/usr/bin/chromium", null, "\u007fELF /snap/", false)]
    public void Browser_ThatIsASnap_IsKnown(string path, string? target, string beginning, bool isOne) =>
        BrowserFinder.IsSnap(path, _ => target, _ => beginning).Should().Be(isOne);

    [Theory]
    [InlineData(true, 0, "")]
    [InlineData(false, 69, "gau-desktop: no window has opened in 0 minutes: ends\n")]
    public async Task Window_ThatNeverComes_EndsTheProgramWithALine(bool comes, int code, string said)
    {
        using Presence presence = new(TimeSpan.Zero);
        using StringWriter error = new() { NewLine = "\n" };
        if (comes)
            presence.Join().Dispose();
        (await Program.UntilClosed(presence, TimeSpan.Zero, error)).Should().Be(code);
        error.ToString().Should().Be(said);
    }

    [Fact]
    public async Task Presence_LastWindowClosed_IsGone()
    {
        using Presence presence = new(TimeSpan.Zero);
        IDisposable first = presence.Join(), second = presence.Join();
        first.Dispose();
        first.Dispose();
        presence.Gone.IsCompleted.Should().BeFalse();
        second.Dispose();
        await presence.Gone.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Presence_WindowLoadedAnew_Stays()
    {
        using Presence presence = new(TimeSpan.FromHours(1));
        for (int i = 0; i < 20; i++)
            presence.Join().Dispose();
        using IDisposable window = presence.Join();
        await Task.Yield();
        presence.Gone.IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "gau-desktop: no window has opened yet; open http://127.0.0.1:1/#t\n")]
    public async Task Browser_ThatOpensNoWindow_LeavesTheAddress(bool comes, string said)
    {
        using Presence presence = new(TimeSpan.FromHours(1));
        using StringWriter error = new() { NewLine = "\n" };
        using IDisposable? window = comes ? presence.Join() : null;
        await Program.SayIfNoneComes(presence, TimeSpan.Zero, error, "http://127.0.0.1:1/#t");
        error.ToString().Should().Be(said);
    }

    [Fact]
    public void Options_Given_AreTaken()
    {
        DesktopOptions options = DesktopOptions.Parse(["--model=m.safetensors", "in.csv", "--browser", "none"]);
        options.Model.Should().Be(Path.GetFullPath("m.safetensors"));
        options.File.Should().Be(Path.GetFullPath("in.csv"));
        options.Browser.Should().Be("none");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--nothing")]
    [InlineData("--model")]
    [InlineData("--model=")]
    [InlineData("--help=x")]
    [InlineData("--browser", "a", "--browser", "b")]
    [InlineData("a.csv", "b.csv")]
    public void Options_ThatAreNone_AreRefused(params string[] args) =>
        FluentActions.Invoking(() => DesktopOptions.Parse(args)).Should().Throw<ToolException>()
            .Which.Code.Should().Be(ExitCode.Usage);
}
