using FluentAssertions;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>The window in Chromium: real keys and clicks, accessibility, nothing from elsewhere.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string Source = Path.Combine(Fixtures.Root, "tests", "Desktop.Tests", "Browser");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(25);

    private readonly RunningApplication running = new();

    public ValueTask InitializeAsync() => TestLevel.IsLong ? running.InitializeAsync() : ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => TestLevel.IsLong ? running.DisposeAsync() : ValueTask.CompletedTask;

    [Fact]
    public void Window_DrivenAsByAUser_DoesItAll()
    {
        TestLevel.RequireLong();
        Assert.SkipUnless(File.Exists(Chromium), "no Chromium: apt-get install chromium");
        Assert.SkipUnless(ChildProcess.Shell("command -v node && command -v npm").Code == 0, "no node and npm, which drive Chromium");
        (int installed, _, string refusal) = ChildProcess.Shell($"cd '{Source}' && npm ci --silent --no-audit --no-fund");
        Assert.SkipUnless(installed == 0, $"npm cannot install playwright-core and axe-core: {refusal}");
        string folder = Path.Combine(Fixtures.Root, "artifacts", "desktop");
        Directory.CreateDirectory(folder);
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{Source}' && node drive.mjs '{running.Origin}/#{running.Token}' "
            + $"'{Path.Combine(Fixtures.Root, "samples", "clauses.csv")}' '{Path.Combine(Fixtures.Root, "models", "legal")}' "
            + $"'{folder}' {Chromium}", Patience);
        code.Should().Be(0, output + error);
        TestContext.Current.SendDiagnosticMessage(output);
    }
}
