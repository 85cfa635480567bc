using GauRuntime.Tools;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Tests.Data;

public sealed class CorpusTests : IDisposable
{
    private static readonly string[] Many = [.. Enumerable.Range(0, 500).Select(i => $"第{i}条 甲乙丙丁。")];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_Documents_GivesPiecesInOrder()
    {
        using Corpus corpus = Read(["一二三四五六七八九十", "甲"], heldOut: 0, longest: 6);
        corpus.Texts.Should().Equal("一二三四五六", "七八九十", "甲");
        (corpus.Count, corpus.HeldOutCount, corpus.Units).Should().Be((3, 0, 11));
        corpus.Text(1).Should().Be("七八九十");
    }

    [Fact]
    public void Read_AShareHeldOut_IsTheSameInAnyOrder()
    {
        using Corpus one = Read(Many, heldOut: 0.1), other = Read([.. Many.Reverse()], heldOut: 0.1);
        string[] held = HeldOut(one);
        held.Length.Should().BeInRange(25, 80);
        HeldOut(other).Should().Equal(held);
        one.Texts.Concat(held).Order(StringComparer.Ordinal).Should().Equal(Many.Order(StringComparer.Ordinal));
        one.Texts.Intersect(held).Should().BeEmpty();
    }

    [Fact]
    public void Read_OtherSeed_HoldsOutOtherTexts()
    {
        using Corpus one = Read(Many, heldOut: 0.1), other = Read(Many, heldOut: 0.1, seed: 2);
        HeldOut(other).Should().NotEqual(HeldOut(one));
    }

    [Fact]
    public void Read_CompanyOfADocument_DoesNotDecideWhetherItIsHeldOut()
    {
        using Corpus whole = Read(Many, heldOut: 0.1), part = Read(Many[..250], heldOut: 0.1);
        HeldOut(part).Should().Equal(HeldOut(whole).Intersect(Many[..250]), "they stand in the order of their hashes");
    }

    [Fact]
    public void Read_PiecesOfOneDocument_AreOnOneSide()
    {
        string[] documents = [.. Enumerable.Range(0, 200).Select(i => string.Concat(Enumerable.Repeat($"{i}，", 20)))];
        using Corpus corpus = Read(documents, heldOut: 0.2, longest: 10);
        string[] held = [.. HeldOut(corpus).Select(Number).Distinct()];
        held.Should().NotBeEmpty();
        corpus.Texts.Select(Number).Should().NotContain(held);

        static string Number(string piece) => piece.Split('，')[1];
    }

    [Fact]
    public void Read_DuplicatesOfHeldOutTexts_AreInNoPartTwice()
    {
        using Corpus once = Read(Many, heldOut: 0.1);
        string held = once.HeldOut(0);
        // Once more as a document, and once as the second piece of another.
        string other = "这里是另一件的文书了。" + held;
        using Corpus corpus = Read([.. Many, held, other], heldOut: 0.1, longest: 11);
        corpus.Texts.Should().NotContain(held);
        HeldOut(corpus).Should().OnlyHaveUniqueItems().And.Contain(held);
    }

    [Fact]
    public void Read_ShareOfHardlyADocument_HoldsOutOne()
    {
        using Corpus corpus = Read(["甲。", "乙。", "丙。"], heldOut: 1e-9);
        (corpus.Count, corpus.HeldOutCount).Should().Be((2, 1));
    }

    [Fact]
    public void Read_OneDocument_IsTrainedOn()
    {
        using Corpus corpus = Read(["甲。"], heldOut: 1e-9);
        (corpus.Count, corpus.HeldOutCount).Should().Be((1, 0));
    }

    [Fact]
    public void Read_AllHeldOut_IsRefused() =>
        ((Action)(() => Read(["甲。", "乙。"], heldOut: 0.9999999))).Should().Throw<ToolException>()
            .WithMessage("all 2 documents are held out*").Which.Code.Should().Be(ExitCode.Usage);

    [Fact]
    public void Digest_OfOtherPieces_IsAnother()
    {
        using Corpus one = Read(["甲乙", "丙"], 0), same = Read(["甲乙", "丙"], 0), other = Read(["甲", "乙丙"], 0);
        same.Digest.Should().Be(one.Digest).And.NotBe(other.Digest);
    }

    [Fact]
    public void Read_FaultInTheMiddle_LeavesNoFile()
    {
        static IEnumerable<string> Broken()
        {
            yield return "甲";
            throw new IOException("broken");
        }
        ((Action)(() => Corpus.Read(Broken(), new CorpusLayout(614, 0, 1), folder.Root))).Should().Throw<IOException>();
        folder.Files.Should().BeEmpty();
    }

    [Fact]
    public void Read_OnUnix_CopyHasNoName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows removes no open files");
        using Corpus corpus = Read(Many, heldOut: 0);
        folder.Files.Should().BeEmpty();
    }

    [Fact]
    public void Text_FromManyThreads_IsTheSame()
    {
        using Corpus corpus = Read(Many, heldOut: 0);
        Parallel.For(0, 5000, i => corpus.Text(i % Many.Length).Should().Be(Many[i % Many.Length]));
    }

    private Corpus Read(string[] documents, double heldOut, ulong seed = 1, int longest = 614) =>
        Corpus.Read(documents, new CorpusLayout(longest, heldOut, seed), folder.Root);

    private static string[] HeldOut(Corpus corpus) => [.. Enumerable.Range(0, corpus.HeldOutCount).Select(corpus.HeldOut)];
}
