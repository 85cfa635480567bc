using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>The image of <c>tools/Gau/Containerfile</c>, built and run by buildah.</summary>
public sealed class ContainerTests(PublishedFile published) : IDisposable
{
    private readonly TemporaryFolder folder = new(), storage = new();
    private readonly string program = published.OrSkip().Program;

    private string Buildah => $"buildah --root '{storage.Path("root")}' --runroot '{storage.Path("run")}' --storage-driver vfs";

    public void Dispose()
    {
        ChildProcess.Shell($"{Buildah} rm -a; {Buildah} rmi -a");
        folder.Dispose();
        storage.Dispose();
    }

    [Fact]
    public void Image_FromScratch_DoesWhatTheProgramDoesUnderTheJit()
    {
        TestLevel.RequireLong();
        Assert.SkipUnless(ChildProcess.Shell("command -v buildah").Code == 0, "no buildah, of Debian's package of that name");
        folder.Copy(program);
        folder.Copy(Path.Combine(Fixtures.Root, "tools", "Gau", "Containerfile"));
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && {Buildah} build --isolation chroot -t gau . && {Buildah} from --name gau gau");
        Assert.SkipWhen(
            error.Contains("peration not permitted", StringComparison.Ordinal), $"this machine lets nobody build images: {error}");
        code.Should().Be(0, error);
        folder.Write("in.jsonl", Cli.Tests.SampleRecords.JsonLines(20));
        string expected = Programs.Run(Programs.Jit, folder.Root, "score in.jsonl").Output;
        string run = $"{Buildah} run --isolation chroot -v '{folder.Root}:/data' gau --";
        Programs.Run(run, folder.Root, "/gau score in.jsonl").Output.Should().Be(expected);
        Programs.Run(run, folder.Root, "/gau score in.jsonl -o out.jsonl").Code.Should().Be(0);
        File.ReadAllText(folder.Path("out.jsonl")).Should().Be(expected);
        // Nothing else is in it: no shell either.
        Programs.Run(run, folder.Root, "/bin/sh -c true").Code.Should().NotBe(0);
    }
}
