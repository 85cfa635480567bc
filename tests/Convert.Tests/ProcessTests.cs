namespace GauRuntime.Convert.Tests;

/// <summary>What only a process of its own can show: full and closed streams, limits of the system.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string convert;

    public ProcessTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        convert = $"cd '{folder.Root}'; {ChildProcess.Command("gau-convert")}";
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("missing -o out 2>/dev/full", 66, "")]
    [InlineData("missing -o out 2>&-", 66, "")]
    [InlineData("--nonsense 2>/dev/full", 2, "")]
    [InlineData("inspect model.safetensors 2>/dev/full", 0, "")]
    [InlineData("inspect model.safetensors >/dev/full", 74, "error: No space left on device")]
    [InlineData("inspect model.safetensors >&-", 74, "error: standard output is closed")]
    [InlineData("--help >/dev/full", 74, "error: No space left on device")]
    [InlineData("man >/dev/full 2>/dev/full", 74, "")]
    public void Run_ClosedOrFullStreams_GiveTheirExitCode(string command, int code, string error)
    {
        (int found, _, string message) = ChildProcess.Shell($"{convert} {command}");
        found.Should().Be(code, message);
        message.Should().StartWith(error).And.NotContain("   at ");
    }

    [Fact]
    public void Run_FileSizeLimit_Ends74()
    {
        // The runtime's own double-mapped code counts as a file; without it only ours are left.
        File.WriteAllBytes(folder.Path("out"), new byte[1023]);
        (int code, _, string error) = ChildProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 1; {convert} man >>out");
        code.Should().Be(74, error);
        error.Should().StartWith("error: File too large").And.NotContain("   at ");
    }
}
