using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>F4: disks that are full or may not be written, through the command.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string gau;

    public DiskFaultTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        folder.Write("in.txt", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"今天天气很好{i}\n")));
        folder.Write("few.txt", "今天\n天气\n");
        gau = $"export GAU_MODEL='{folder.Path("model.safetensors")}'; cd '{folder.Root}'; {ChildProcess.Command("gau")}";
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void F4_DiskOfOneMegabyteIsFull_Ends74AndResumesWithRoom()
    {
        string disk = folder.Path("disk");
        Directory.CreateDirectory(disk);
        (int mounted, _, string refusal) = ChildProcess.Shell($"mount -t tmpfs -o size=1m none '{disk}'");
        Assert.SkipUnless(mounted == 0, $"a file system of a megabyte can only be mounted by root: {refusal}");
        try
        {
            string command = $"{gau} score in.txt -o disk/out.jsonl --checkpoint-seconds 0";
            (int code, _, string error) = ChildProcess.Shell(command);
            code.Should().Be(74);
            error.Should().StartWith("error: No space left on device");
            error.Should().Contain("disk/out.jsonl");
            Directory.GetFiles(disk).Select(Path.GetFileName).Should().BeEquivalentTo(
                "out.jsonl.journal", "out.jsonl.partial");
            ChildProcess.Shell($"{command} --resume").Code.Should().Be(74, "there is no room yet");
            ChildProcess.Shell($"mount -o remount,size=16m '{disk}'").Code.Should().Be(0);
            (code, _, error) = ChildProcess.Shell($"{command} --resume");
            code.Should().Be(0, error);
            error.Should().Contain("of them before");
            ChildProcess.Shell($"{gau} score in.txt -o whole.jsonl").Code.Should().Be(0);
            File.ReadAllBytes(Path.Combine(disk, "out.jsonl")).Should().Equal(
                File.ReadAllBytes(folder.Path("whole.jsonl")));
        }
        finally
        {
            ChildProcess.Shell($"umount --lazy '{disk}'").Code.Should().Be(0);
        }
    }

    [Fact]
    public void F4_FileSizeLimit_Ends74AndResumesWithout()
    {
        // The runtime's own double-mapped code counts as a file; without it only ours are left.
        (int code, _, string error) = ChildProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 600; {gau} score in.txt -o out.jsonl --checkpoint-seconds 0");
        code.Should().Be(74, error);
        error.Should().StartWith("error: ").And.Contain("out.jsonl").And.NotContain("   at ");
        File.Exists(folder.Path("out.jsonl")).Should().BeFalse();
        (code, _, error) = ChildProcess.Shell($"{gau} score in.txt -o out.jsonl --resume");
        code.Should().Be(0, error);
        File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(20_000);
    }

    [Theory]
    [InlineData("score in.txt >out")]
    [InlineData("score in.txt -o /dev/stdout >out")]
    [InlineData("score in.txt -o /dev/fd/3", "3>>out")]
    [InlineData("score in.txt --status-file status -o out.jsonl --rejects rejects >out", "2>>out")]
    public void F4_FileSizeLimitOfAStandardStream_Ends74(string command, string error = "")
    {
        File.WriteAllBytes(folder.Path("out"), new byte[599 << 10]);
        (int code, _, string message) = ChildProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 600; {gau} {command.Replace(">out", ">>out")} {error}");
        code.Should().Be(74, message);
        message.Should().NotContain("   at ");
        if (error.Length == 0)
            message.Should().StartWith("error: File too large");
    }

    [Theory]
    [InlineData("/proc/out.jsonl", 73)]
    [InlineData("/sys/out.jsonl", 73)]
    [InlineData("/dev/full", 74)]
    public void F4_WhereNothingCanBeWritten_SaysSo(string output, int code)
    {
        (int found, _, string error) = ChildProcess.Shell($"{gau} score few.txt -o {output}");
        found.Should().Be(code, error);
        error.Should().StartWith("error: ").And.NotContain("   at ");
    }

    [Fact]
    public void F4_ReadOnlyFileSystem_Ends73()
    {
        string disk = folder.Path("disk");
        Directory.CreateDirectory(disk);
        (int mounted, _, string refusal) = ChildProcess.Shell($"mount -t tmpfs -o ro none '{disk}'");
        Assert.SkipUnless(mounted == 0, $"a read-only file system can only be mounted by root: {refusal}");
        try
        {
            (int code, _, string error) = ChildProcess.Shell($"{gau} score few.txt -o disk/out.jsonl");
            code.Should().Be(73);
            error.Should().StartWith("error: disk/out.jsonl: cannot be created: ");
        }
        finally
        {
            ChildProcess.Shell($"umount --lazy '{disk}'").Code.Should().Be(0);
        }
    }
}
