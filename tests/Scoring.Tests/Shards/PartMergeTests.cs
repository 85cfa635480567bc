using System.IO.Hashing;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tests.Jobs;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Shards;

/// <summary>What joining parts does where a command line cannot bring it about.</summary>
public sealed class PartMergeTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Fact]
    public void Write_AnotherHeaderWithAMarkerThatFits_IsRefused()
    {
        string folder = Parts();
        string part = Path.Combine(folder, "part-00001-of-00002.csv");
        byte[] before = File.ReadAllBytes(part);
        byte[] after = [.. before];
        after[0]++;
        File.WriteAllBytes(part, after);
        string marker = File.ReadAllText(part + ".done").Replace(Hex(before), Hex(after), StringComparison.Ordinal);
        marker.Should().Contain(Hex(after));
        File.WriteAllText(part + ".done", marker);
        Action write = () => PartMerge.Open(folder, null).Write(
            new MemoryStream(), null, Compression.None, CancellationToken.None);
        write.Should().Throw<GauFormatException>().WithMessage("*its header is not that of part 0*");
    }

    [Fact]
    public void Write_Cancelled_Ends()
    {
        Action write = () => PartMerge.Open(Parts(), null).Write(
            new MemoryStream(), null, Compression.None, new CancellationToken(canceled: true));
        write.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Write_DiskFull_IsAFaultOfTheDisk()
    {
        using SlowStream full = new(failAfter: 1);
        Action write = () => PartMerge.Open(Parts(), null).Write(full, null, Compression.None, CancellationToken.None);
        write.Should().Throw<IOException>().WithMessage("enough");
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(XxHash128.Hash(content));

    private string Parts()
    {
        string folder = Path.GetDirectoryName(jobs.NewOutput().Output)!;
        for (int i = 0; i < 2; i++)
            jobs.Run(new JobOutput { Path = folder, Format = RecordFormat.Csv, Shard = new Shard(i, 2) });
        return folder;
    }
}
