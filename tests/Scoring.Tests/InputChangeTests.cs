using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Records.Indexed;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Inputs that change between the moment they are found and their end.</summary>
public sealed class InputChangeTests : IDisposable
{
    private const int Lines = 20_000;   // more than is read at once

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Changes
    {
        get
        {
            TheoryData<string, string> changes = [];
            foreach (string format in (string[])["a.txt", "a.jsonl", "a.csv", "a.txt.gz", "a.txt.zst", "a.parquet"])
                foreach (string change in (string[])["grows", "shrinks", "is rewritten", "is emptied"])
                    changes.Add(format, change);
            return changes;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Next_InputChangesWhileItIsRead_EndsWithThat(string name, string change)
    {
        string path = folder.Write(name, Content(name));
        using RecordSource source = Source(path);
        source.Next().Should().NotBeNull();
        Change(path, change);
        ShouldSay(() => ReadAll(source), path);
    }

    [Theory]
    [InlineData("grows")]
    [InlineData("shrinks")]
    [InlineData("is rewritten")]
    [InlineData("is replaced")]
    public void Next_LaterInputChangesBeforeItIsOpened_EndsWithThat(string change)
    {
        string first = folder.Write("a.txt", Content("a.txt")), second = folder.Write("b.txt", Content("b.txt"));
        using RecordSource source = Source(first, second);
        source.Next().Should().NotBeNull();
        Change(second, change);
        ShouldSay(() => ReadAll(source), second);
    }

    [Fact]
    public void Next_EmptyInputGrows_EndsWithThat()
    {
        string first = folder.Write("a.txt", "x\n"), second = folder.Write("b.txt", "");
        using RecordSource source = Source(first, second);
        source.Next().Should().NotBeNull();
        File.AppendAllText(second, "y\n");
        ShouldSay(() => ReadAll(source), second);
    }

    [Fact]
    public void Next_InputIsReplacedOnceItIsOpen_IsReadAsItWas()
    {
        string path = folder.Write("a.txt", Content("a.txt"));
        using RecordSource source = Source(path);
        source.Next().Should().NotBeNull();
        Change(path, "is replaced");
        ReadAll(source).Should().Be(Lines - 1);
    }

    [Fact]
    public void Next_ShareThatEndsBeforeTheInput_SeesTheChangeToo()
    {
        string path = folder.Write("a.txt", Content("a.txt"));
        using RecordSource source = new([InputFile.Find(path, null)], new RecordFields(), shard: new Shard(0, 2));
        source.Next().Should().NotBeNull();
        Change(path, "grows");
        ShouldSay(() => ReadAll(source), path);
    }

    [Fact]
    public void Skip_InputChanges_EndsWithThat()
    {
        string path = folder.Write("a.csv", Content("a.csv"));
        using RecordSource source = Source(path);
        source.Skip(1).Should().Be(1);
        Change(path, "shrinks");
        ShouldSay(() => source.Skip(long.MaxValue), path);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Index_InputChangesWhileItIsRead_EndsWithThat(string name, string change)
    {
        string path = folder.Write(name, Content(name));
        int told = 0;
        ShouldSay(
            () => InputIndex.Make(
                [InputFile.Find(path, null)], new RecordFields(), threads: 1,
                read: _ =>
                {
                    if (told++ == 0)
                        Change(path, change);
                },
                blockLength: 4096, inBlocks: true, TestContext.Current.CancellationToken),
            path);
        told.Should().BePositive();
    }

    private static RecordSource Source(params string[] paths) =>
        new([.. paths.Select(path => InputFile.Find(path, null))], new RecordFields { Text = "pair" });

    private static int ReadAll(RecordSource source)
    {
        int records = 0;
        while (source.Next() is not null)
            records++;
        return records;
    }

    private static void ShouldSay(Action read, string path) => FluentActions.Invoking(read).Should().Throw<IOException>()
        .WithMessage($"{path}: was changed while it was read (it *); start over, with --force where results are kept");

    private static byte[] Content(string name)
    {
        if (name.EndsWith(".parquet", StringComparison.Ordinal))
            return File.ReadAllBytes(Fixtures.Path("parquet", "arrow-plain.parquet"));
        string text = string.Concat(Enumerable.Range(0, Lines).Select(
            i => name.EndsWith(".jsonl", StringComparison.Ordinal) ? $"{{\"pair\":\"第{i * 7919L % 104_729:x}\"}}\n"
                : name.EndsWith(".csv", StringComparison.Ordinal) && i == 0 ? "id,pair\n"
                : $"{i},第{i * 7919L % 104_729:x}\n"));
        return name.EndsWith(".gz", StringComparison.Ordinal) ? CompressedBytes.Of(Compression.Gzip, text)
            : name.EndsWith(".zst", StringComparison.Ordinal) ? CompressedBytes.Of(Compression.Zstandard, text)
            : Encoding.UTF8.GetBytes(text);
    }

    private static void Change(string path, string change)
    {
        byte[] content = File.ReadAllBytes(path);
        // The clock of the file system ticks every few milliseconds, and a test is faster.
        DateTime later = File.GetLastWriteTimeUtc(path).AddSeconds(1);
        switch (change)
        {
            case "grows":
                using (FileStream file = new(path, FileMode.Append))
                    file.Write(content.AsSpan(0, 10));
                break;
            case "shrinks":
                using (FileStream file = new(path, FileMode.Open))
                    file.SetLength(content.Length - 10);
                break;
            case "is emptied":
                using (FileStream file = new(path, FileMode.Truncate))
                    break;
            case "is replaced":
                File.WriteAllBytes(path + ".new", content);
                File.Move(path + ".new", path, overwrite: true);
                break;
            default:
                File.WriteAllBytes(path, content);
                break;
        }
        File.SetLastWriteTimeUtc(path, later);
    }
}
