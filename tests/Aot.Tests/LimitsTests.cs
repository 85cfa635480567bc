using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The native file where the system gives it little: descriptors, room in files.</summary>
public sealed class LimitsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string gau;

    public LimitsTests(PublishedFile published)
    {
        string program = published.OrSkip().Program;
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(8));
        gau = $"cd '{folder.Root}'; '{program}'";
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--version")]
    [InlineData("score in.jsonl")]
    [InlineData("score in.jsonl -o out.jsonl --rejects rejects.jsonl --status-file status --force")]
    public void Run_FewDescriptors_EndsWithOneLine(string command)
    {
        int refused = 0;
        for (int most = 4; most <= 64; most += most < 24 ? 1 : 8)
        {
            (int code, _, string error) = ChildProcess.Shell($"ulimit -n {most}; {gau} {command}");
            code.Should().BeOneOf([0, 69, 74], "of {0}: {1}", most, error);
            error.Should().NotContain("   at ").And.NotContain("Unhandled");
            if (code == 0)
                continue;
            refused++;
            error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)).Should().Be(1, error);
        }
        refused.Should().BePositive();
    }

    [Theory]
    [InlineData("score in.jsonl -o out.jsonl 2>/dev/full", "unlimited", 0)]
    [InlineData("score missing 2>/dev/full", "unlimited", 66)]
    [InlineData("--nonsense 2>/dev/full", "unlimited", 2)]
    [InlineData("--help >/dev/full", "unlimited", 74)]
    [InlineData("man >/dev/full 2>/dev/full", "unlimited", 74)]
    [InlineData("man >>full", "1", 74)]
    public void Run_NoRoomForWords_GivesTheExitCode(string command, string kibibytes, int code)
    {
        File.WriteAllBytes(folder.Path("full"), new byte[1023]);
        (int found, _, string error) = ChildProcess.Shell($"ulimit -f {kibibytes}; {gau} {command}");
        found.Should().Be(code, error);
        error.Should().NotContain("   at ");
    }
}
