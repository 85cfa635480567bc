using FluentAssertions;
using GauRuntime.Scoring.Results;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class OutputFileTests
{
    [Theory]
    [InlineData("/dev/null", false, true)]
    [InlineData("/dev/shm/out", false, false)]
    [InlineData("/home/dev/null", false, false)]
    [InlineData(@"\\.\NUL", true, true)]
    [InlineData(@"\\?\C:\out", true, false)]
    [InlineData(@"C:\dev\null", true, false)]
    public void IsDevice_FullNames_AreToldOnBothSystems(string full, bool isWindows, bool expected) =>
        OutputFile.IsDevice(full, isWindows).Should().Be(expected);

    [Theory]
    [InlineData("nul", @"\\.\nul", true, false)]
    [InlineData("out/nul.csv", @"\\.\nul", true, true)]
    [InlineData("CON.jsonl", @"\\.\CON", true, true)]
    [InlineData("null.csv", @"C:\null.csv", true, false)]
    [InlineData("/dev/shm.csv", "/dev/shm.csv", false, false)]
    public void IsHiddenDevice_Names_AreToldWhereWindowsHidesADeviceBehindThem(string path, string full, bool isWindows, bool expected) =>
        OutputFile.IsHiddenDevice(path, full, isWindows).Should().Be(expected);

    [Fact]
    public void Commit_NewFile_AppearsOnlyThen()
    {
        using TemporaryFolder folder = new();
        using (OutputFile file = OutputFile.Create(folder.Path("out"), replace: false))
        {
            file.Stream.Write("x"u8);
            File.Exists(folder.Path("out")).Should().BeFalse();
            file.Commit();
        }
        folder.Files.Should().Equal("out");
        File.ReadAllText(folder.Path("out")).Should().Be("x");
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothingAndTheOldFile()
    {
        using TemporaryFolder folder = new();
        folder.Write("out", "old");
        using (OutputFile file = OutputFile.Create(folder.Path("out"), replace: true))
            file.Stream.Write("new"u8);
        folder.Files.Should().Equal("out");
        File.ReadAllText(folder.Path("out")).Should().Be("old");
    }

    [Fact]
    public void Commit_AnotherBeganTheSameFile_GivesOneOfThemWhole()
    {
        // Two containers whose processes have the same number do this.
        using TemporaryFolder folder = new();
        using OutputFile first = OutputFile.Create(folder.Path("out"), replace: false);
        first.Stream.Write("first"u8);
        using OutputFile second = OutputFile.Create(folder.Path("out"), replace: false);
        second.Stream.Write("sec"u8);
        first.Commit();
        File.ReadAllText(folder.Path("out")).Should().Be("first");
        second.Stream.Write("ond"u8);
        second.Invoking(file => file.Commit()).Should().Throw<ScoringException>();
        second.Dispose();
        File.ReadAllText(folder.Path("out")).Should().Be("first");
        folder.Files.Should().Equal("out");
    }

    [Fact]
    public void Create_InSharedMemory_IsAFileLikeAnyOther()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "this system has no /dev/shm");
        string path = $"/dev/shm/gau-test-{Guid.NewGuid():N}";
        try
        {
            using (OutputFile file = OutputFile.Create(path, replace: false))
            {
                file.Stream.Write("x"u8);
                file.Commit();
            }
            File.ReadAllText(path).Should().Be("x");
            CannotCreate(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Create_ExistingFile_IsRefusedWithoutForce()
    {
        using TemporaryFolder folder = new();
        folder.Write("out", "old");
        CannotCreate(folder.Path("out"));
        folder.Files.Should().Equal("out");
    }

    [Fact]
    public void Create_FolderOrMissingFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        CannotCreate(folder.Path("."));
        CannotCreate(folder.Path("no/such/out"));
    }

    [Fact]
    public void Commit_FileMadeMeanwhile_IsNotReplaced()
    {
        using TemporaryFolder folder = new();
        using OutputFile file = OutputFile.Create(folder.Path("out"), replace: false);
        folder.Write("out", "theirs");
        file.Invoking(f => f.Commit()).Should().Throw<ScoringException>();
        file.Dispose();
        File.ReadAllText(folder.Path("out")).Should().Be("theirs");
        folder.Files.Should().Equal("out");
    }

    private static void CannotCreate(string path)
    {
        Action create = () => OutputFile.Create(path, replace: false).Dispose();
        create.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.CannotCreate);
    }
}
