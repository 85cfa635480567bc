using System.Globalization;
using System.IO.Pipes;
using FluentAssertions;
using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace GauRuntime.Weights.Tests.Files;

public sealed class FileStampTests : IDisposable
{
    private static readonly DateTime Before = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder folder = new();
    private readonly string path;
    private readonly FileStamp stamp;

    public FileStampTests()
    {
        path = folder.Write("in", "abc");
        File.SetLastWriteTimeUtc(path, Before);
        stamp = FileStamp.Of(path)!.Value;
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Require_NothingChanged_PassesByNameAndByHandle()
    {
        stamp.Length.Should().Be(3);
        stamp.Require(path);
        using SafeFileHandle handle = File.OpenHandle(path);
        stamp.Require(handle, path);
    }

    [Theory]
    [InlineData("abcd", "it had 3 bytes and has 4")]
    [InlineData("", "it had 3 bytes and has 0")]
    [InlineData("abd", "it has been written to")]
    public void Require_WrittenTo_SaysHow(string content, string how)
    {
        using SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite);
        File.WriteAllText(path, content);
        FluentActions.Invoking(() => stamp.Require(path)).Should().Throw<IOException>()
            .WithMessage($"{path}: was changed while it was read ({how}); start over*--force*");
        FluentActions.Invoking(() => stamp.Require(handle, path)).Should().Throw<IOException>().WithMessage($"*{how}*");
    }

    [Fact]
    public void Require_Replaced_IsAnotherByNameAndTheSameByHandle()
    {
        using SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        string other = folder.Write("other", "xyz");
        File.SetLastWriteTimeUtc(other, Before);
        File.Move(other, path, overwrite: true);
        FluentActions.Invoking(() => stamp.Require(path)).Should().Throw<IOException>().WithMessage("*another file*");
        stamp.Require(handle, path);
    }

    // As where a file system tells other numbers of an open file than of its name.
    [Fact]
    public void Require_OpenFileWithAnotherNumber_IsTheSameWhereSizeAndTimeAre()
    {
        string other = folder.Write("other", "xyz");
        File.SetLastWriteTimeUtc(other, Before);
        using (SafeFileHandle same = File.OpenHandle(other))
            stamp.Require(same, path);
        File.SetLastWriteTimeUtc(other, Before.AddSeconds(1));
        using SafeFileHandle later = File.OpenHandle(other);
        FluentActions.Invoking(() => stamp.Require(later, path)).Should().Throw<IOException>().WithMessage("*written to*");
    }

    [Fact]
    public void OfInfo_SystemTellsNoMore_IsTheSameByNameAndByHandle()
    {
        using (SafeFileHandle handle = File.OpenHandle(path))
            FileFacts.OfInfo(handle).Should().Be(FileFacts.OfInfo(path)!.Value).And.Be(
                new FileFacts(0, 0, false, 3, (Before - DateTime.UnixEpoch).Ticks));
        using AnonymousPipeServerStream pipe = new();
        using SafeFileHandle end = new(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        FileFacts.OfInfo(end).Should().BeNull();
        FileFacts.OfInfo(folder.Path("missing")).Should().BeNull();
        FileFacts.OfInfo(folder.Root)!.Value.IsFolder.Should().BeTrue();
    }

    // An index holds the time: another kernel, or another system, must not see another one.
    [Theory]
    [InlineData("2026-01-02T03:04:05.1234567Z")]
    [InlineData("1969-12-31T23:59:58.7654321Z")]
    public void Of_SystemTellsMore_IsTheTimeThatDotNetTells(string time)
    {
        DateTime written = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        File.SetLastWriteTimeUtc(path, written);
        FileFacts.Of(path)!.Value.Modified.Should().Be((written - DateTime.UnixEpoch).Ticks);
        FileFacts.OfInfo(path)!.Value.Modified.Should().Be((written - DateTime.UnixEpoch).Ticks);
        using SafeFileHandle handle = File.OpenHandle(path);
        FileFacts.Of(handle)!.Value.Modified.Should().Be(FileFacts.OfInfo(handle)!.Value.Modified);
    }

    [Fact]
    public void Require_Removed_IsGone()
    {
        File.Delete(path);
        FluentActions.Invoking(() => stamp.Require(path)).Should().Throw<IOException>().WithMessage("*(it is gone)*");
    }

    [Fact]
    public void Of_NoRegularFile_IsNone()
    {
        FileStamp.Of(folder.Root).Should().BeNull();
        FileStamp.Of(folder.Path("missing")).Should().BeNull();
    }
}
