using System.Globalization;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>
/// The native file alone: in a root with nothing but it and its input, on old kernels, and with the C library of the system.
/// That it does what the program under the JIT does, <see cref="CommandTests"/> show.
/// </summary>
public sealed class AloneTests : IDisposable
{
    private readonly PublishedFile published;
    private readonly TemporaryFolder folder = new(), usual = new();

    public AloneTests(PublishedFile published)
    {
        this.published = published.OrSkip();
        foreach (TemporaryFolder each in (TemporaryFolder[])[folder, usual])
            EveryCommand.WriteInputs(each);
    }

    public static TheoryData<string, int> Commands => EveryCommand.Lines;

    public void Dispose()
    {
        folder.Dispose();
        usual.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_InARootWithNothingElse_DoesWhatItDoesElsewhere(string arguments, int code)
    {
        Assert.SkipUnless(ChildProcess.Shell("unshare -r true").Code == 0, "this machine lets nobody change the root of a process");
        Programs.Copy(published.Program, folder.Root);
        Programs.Outcome expected = Usual(arguments, code);
        Programs.Outcome found = Programs.Run($"env -i PATH=\"$PATH\" SOURCE_DATE_EPOCH=86400 unshare -r chroot '{folder.Root}' /gau", folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(code, found.Error);
        ShouldHaveTheSameFiles();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_DynamicFile_DoesWhatTheStaticOneDoes(string arguments, int code)
    {
        Programs.Outcome expected = Usual(arguments, code);
        Programs.Outcome found = Programs.Run($"'{published.Dynamic}'", folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(code, found.Error);
        ShouldHaveTheSameFiles();
    }

    /// <summary>Newer calls than the last one of Linux 3.10 (finit_module) are unknown, as they are to that kernel.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_WithTheSystemCallsOfLinux3_10_DoesWhatItDoesElsewhere(string arguments, int code)
    {
        const int LastCall = 313;
        Programs.Outcome expected = Usual(arguments, code);
        string oldKernel = string.Create(CultureInfo.InvariantCulture, $"'{OldKernel.Program}' {LastCall} '{published.Program}'");
        Programs.Outcome found = Programs.Run(oldKernel, folder.Root, arguments);
        found.Output.Should().Be(expected.Output, found.Error);
        found.Code.Should().Be(code, found.Error);
        ShouldHaveTheSameFiles();
    }

    private Programs.Outcome Usual(string arguments, int code)
    {
        Programs.Outcome outcome = Programs.Run($"'{published.Program}'", usual.Root, arguments);
        outcome.Code.Should().Be(code, outcome.Error);
        return outcome;
    }

    private void ShouldHaveTheSameFiles()
    {
        folder.Files.Where(name => name != "gau").Should().Equal(usual.Files);
        foreach (string name in usual.Files)
            File.ReadAllBytes(folder.Path(name)).Should().Equal(File.ReadAllBytes(usual.Path(name)), name);
    }
}
