using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class BatchStreamTests
{
    // Epoch e has e + 2 micro-batches of two pieces.
    private static IReadOnlyList<int[]> Batches(long epoch) =>
        [.. Enumerable.Range(0, (int)epoch + 2).Select(i => new[] { 2 * i, 2 * i + 1 })];

    private static MaskedSample? Sample(long epoch, int piece) => new([(int)epoch, piece], [0, 1]);

    [Fact]
    public void Next_SeveralEpochs_AreOneAfterTheOther()
    {
        BatchStream stream = new(Batches, Sample, default);
        Read(stream, 6).Should().Equal("0:0,1", "0:2,3", "1:0,1", "1:2,3", "1:4,5", "2:0,1");
    }

    [Fact]
    public void Next_FromAnyPlace_GoesOnTheSame()
    {
        List<MicroBatch> all = [];
        BatchStream whole = new(Batches, Sample, default);
        for (int i = 0; i < 20; i++)
            all.Add(whole.Next());
        for (int from = 1; from < 19; from++)
        {
            BatchStream stream = new(Batches, Sample, all[from - 1].Next);
            Text(stream.Next()).Should().Be(Text(all[from]));
        }
    }

    [Fact]
    public void Next_SamplesWithoutTarget_AreLeftOut()
    {
        BatchStream stream =
            new(Batches, (epoch, piece) => piece is 0 or 2 or 3 ? null : Sample(epoch, piece), default);
        Read(stream, 3).Should().Equal("0:1", "1:1", "1:4,5");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Next_NothingToLearn_EndsWithALine(bool hasBatches)
    {
        BatchStream stream = new(epoch => hasBatches ? Batches(epoch) : [], (_, _) => null, default);
        Action next = () => stream.Next();
        next.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.MalformedInput)
            .WithMessage("the corpus: in 100 epochs no word was masked*");
    }

    [Fact]
    public void Next_FaultOfTheCorpus_ComesToTheCaller()
    {
        BatchStream stream = new(Batches, (_, _) => throw new IOException("disk"), default);
        Action next = () => stream.Next();
        next.Should().Throw<IOException>().WithMessage("disk");
    }

    private static string[] Read(BatchStream stream, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Text(stream.Next()))];

    private static string Text(MicroBatch batch) =>
        $"{batch.Samples[0].Source[0]}:{string.Join(',', batch.Samples.Select(sample => sample.Source[1]))}";
}
