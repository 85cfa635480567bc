using FluentAssertions;
using Xunit;

namespace GauRuntime.Desktop.Tests;

/// <summary>The window in Chromium: real keys and clicks, accessibility, nothing from elsewhere.</summary>
public sealed class BrowserTests(RunningApplication running)
{
    [Fact]
    public void Window_DrivenAsByAUser_DoesItAll()
    {
        TestLevel.RequireLong();
        string folder = Path.Combine(Fixtures.Root, "artifacts", "desktop");
        Directory.CreateDirectory(folder);
        string source = Path.Combine(Fixtures.Root, "tests", "Desktop.Tests", "Browser");
        string table = Path.Combine(Fixtures.Root, "samples", "clauses.csv");
        (int code, string _, string error) = ChildProcess.Shell(
            $"cd '{source}' && npm ci --silent --no-audit --no-fund && node drive.mjs '{running.Origin}/#{running.Token}' "
            + $"'{table}' '{folder}'");
        code.Should().Be(0, error);
    }
}
