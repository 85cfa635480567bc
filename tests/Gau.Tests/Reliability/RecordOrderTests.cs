using System.Text;
using CsCheck;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>R13: order, number and company of records change no byte of their rows, nor the memory.</summary>
public sealed class RecordOrderTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文语言模型 abc12，。";

    private static readonly Gen<string> Texts = Gen.Int[0, Characters.Length - 1].Select(i => Characters[i])
        .Array[0, 40].Select(characters => new string(characters));

    /// <summary>Any order, threads and batches: the same bytes per id.</summary>
    [Fact]
    public void R13_Shuffled_GivesTheSameBytesPerId() =>
        Gen.Select(Texts.Array[1, 60], Gen.Int, Gen.Int[1, 4], Gen.Int[1, 300], Gen.Bool).Sample(
            (texts, seed, threads, batchTokens, embed) =>
            {
                string[] lines = [.. texts.Select(Line)];
                string[] shuffled = [.. lines];
                new Random(seed).Shuffle(shuffled);
                string command = embed ? "embed - --dimensions 4" : "score -";
                GauRun expected = gau.Run($"{command} --threads 1", string.Concat(lines));
                expected.Lines.Should().HaveCount(lines.Length);
                Sorted(gau.Run($"{command} --threads {threads} --batch-tokens {batchTokens}", string.Concat(shuffled)))
                    .Should().Equal(Sorted(expected));
            },
            iter: 40);

    [Fact]
    public void R13_SortedAndReversed_GiveTheSameBytesPerId()
    {
        Random random = new(13);
        string[] lines = [.. Enumerable.Range(0, 2_000).Select(i => Line(Text(random, random.Next(0, 200)), i))];
        string[] expected = Sorted(gau.Run("score -", string.Concat(lines)));
        expected.Should().HaveCount(2_000);
        foreach (IEnumerable<string> order in (IEnumerable<string>[])
            [lines.Reverse(), lines.OrderBy(line => line.Length), lines.OrderByDescending(line => line.Length)])
            Sorted(gau.Run("score -", string.Concat(order))).Should().Equal(expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_500)]
    [InlineData(5_000)]
    public void R13_OneLongTextAmongShortOnes_ChangesNoneAndIsNotChanged(int at)
    {
        Random random = new(14);
        string alone = Line(Text(random, 510), "long");
        List<string> lines = [.. Enumerable.Range(0, 5_000).Select(i => Line(Text(random, 1), i))];
        string[] rows = gau.Run("score -", string.Concat(lines)).Lines;
        string row = gau.Run("score -", alone).Lines.Single();
        row.Should().Contain("\"tokens\":512,\"truncated\":false}");
        lines.Insert(at, alone);
        gau.Run("score - --threads 2", string.Concat(lines)).Lines.Should().Equal([.. rows[..at], row, .. rows[at..]]);
    }

    [Fact]
    public void R13_TwentyTimesTheRecords_TakeTheSameMemory()
    {
        const int Few = 10_000;
        double few = PeakMiB(Few), many = PeakMiB(20 * Few);
        // Held in memory, a record and its row would have some 400 bytes: 75 MiB.
        (many - few).Should().BeLessThan(32);
        many.Should().BeLessThan(256);
    }

    private static string Line(string text, int number) => Line(text, $"{number}");

    private static string Line(string text, string id) => $"{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n";

    private static string Text(Random random, int characters) =>
        new(random.GetItems(Characters.Replace(" ", "", StringComparison.Ordinal).AsSpan(), characters));

    private static string[] Sorted(GauRun run) => [.. run.Lines.Order(StringComparer.Ordinal)];

    private double PeakMiB(int records)
    {
        string path = gau.Path($"{records}.txt");
        Random random = new(records);
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, records).Select(_ => Text(random, 1) + "\n")));
        MeasuredRun run = MeasuredRun.Of(
            $"GAU_MODEL='{gau.Model}' exec {ChildProcess.Command("gau")} score '{path}' --threads 2 >/dev/null");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().StartWith($"gau: {records} records (0 rejected, 0 truncated), ");
        return run.PeakMiB;
    }
}
