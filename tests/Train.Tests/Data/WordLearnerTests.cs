using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class WordLearnerTests
{
    private static readonly string[] Vocabulary =
    [
        "人民法院", "审理", "案件", "中华人民共和国", "国务院", "规定", "办法", "机关", "应当", "不得", "企业", "责任", "的", "在", "和", "由",
    ];

    /// <summary>Sentences of known words in random order, some 20,000 characters.</summary>
    private static string[] Texts(ulong seed = 1)
    {
        SplitMix64 stream = new(seed);
        return
        [
            .. Enumerable.Range(0, 800).Select(_ =>
                string.Concat(Enumerable.Range(0, 12).Select(_ => Vocabulary[(int)(stream.Uniform() * Vocabulary.Length)])) + "。"),
        ];
    }

    [Fact]
    public void Learn_SentencesOfKnownWords_FindsThem()
    {
        WordList list = Learn(Texts());
        list.Words.Select(word => word.Word).Should().Contain(Vocabulary);
        List<string> words = [];
        new Unigram(list).Segment("国务院规定人民法院审理中华人民共和国的案件", new SplitMix64(0), words);
        words.Should().Equal("国务院", "规定", "人民法院", "审理", "中华人民共和国", "的", "案件");
    }

    [Fact]
    public void Learn_Words_AreCountedAsTheTextsAreCut()
    {
        string[] texts = Texts();
        WordList list = Learn(texts);
        Unigram unigram = new(list);
        List<string> words = [];
        Dictionary<string, long> counts = [];
        foreach (string text in texts)
        {
            unigram.Segment(text, new SplitMix64(0), words);
            foreach (string word in words.Where(word => word != "。"))
                counts[word] = counts.GetValueOrDefault(word) + 1;
        }
        list.Words.Should().OnlyContain(word => counts[word.Word] == word.Count && word.Count >= 3);
    }

    [Fact]
    public void Learn_TextsInAnotherOrder_IsTheSameList()
    {
        string[] texts = Texts();
        Learn([.. texts.Reverse()]).Words.Should().Equal(Learn(texts).Words);
    }

    /// <summary>A share of the texts, which their content decides: the order changes nothing, and a quarter is left.</summary>
    [Fact]
    public void Learn_OfMoreThanTheLimit_TakesAShare()
    {
        string[] texts = Texts();
        WordList share = WordLearner.Learn(texts, 4 * WordLearner.MostCharacters);
        WordLearner.Learn([.. texts.Reverse()], 4 * WordLearner.MostCharacters).Words.Should().Equal(share.Words);
        double part = share.Words.Sum(word => word.Count) / (double)Learn(texts).Words.Sum(word => word.Count);
        part.Should().BeInRange(0.15, 0.35);
    }

    [Fact]
    public void In_GluedAndLooseGrams_KeepsOnlyWhatHoldsTogetherAndIsFree()
    {
        HanText text = new();
        foreach (string each in Texts())
            text.Add(each);
        string[] found = [.. WordCandidates.In(text).Select(word => word.Word)];
        found.Should().Contain(["人民法院", "中华人民共和国", "案件"]);
        found.Should().NotContain(["人民法", "民法院", "中华人民"], "their neighbours are always the same");
        found.Should().NotContain(["的和", "在由"], "they come together by chance");
    }

    /// <summary>All n-grams of all texts in a dictionary, with their neighbours: the definition, word by word.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void In_AnyTexts_IsWhatTheDefinitionGives(ulong seed)
    {
        string[] texts = [.. Texts(seed).Select((text, i) => i % 3 == 0 ? text[..^1] + "，𠮷" + text : text)];
        HanText han = new();
        Array.ForEach(texts, han.Add);
        Dictionary<string, int> counts = [];
        Dictionary<string, List<string>> lefts = [], rights = [];
        foreach (string text in texts)
        {
            string[] characters = ["", .. text.EnumerateRunes().Select(rune => rune.ToString()), ""];
            for (int i = 1; i < characters.Length; i++)
                for (int n = 1; n <= 8 && i + n < characters.Length && TextRuns.IsHan(characters[i + n - 1][0]); n++)
                {
                    string gram = string.Concat(characters[i..(i + n)]);
                    counts[gram] = counts.GetValueOrDefault(gram) + 1;
                    lefts.TryAdd(gram, []);
                    rights.TryAdd(gram, []);
                    lefts[gram].Add(Kind(characters[i - 1]));
                    rights[gram].Add(Kind(characters[i + n]));
                }
        }
        double total = counts.Where(gram => gram.Key.Length == 1).Sum(gram => gram.Value);
        (string, long)[] expected =
        [
            .. counts.Where(gram => gram.Key.Length > 1 && gram.Value >= 5
                && Entropy(lefts[gram.Key]) >= 1.5 && Entropy(rights[gram.Key]) >= 1.5
                && Enumerable.Range(1, gram.Key.Length - 1).All(split =>
                    Math.Log(gram.Value * total / ((double)counts[gram.Key[..split]] * counts[gram.Key[split..]])) >= 2))
                .Select(gram => (gram.Key, (long)gram.Value)),
        ];
        WordCandidates.In(han).Order().Should().Equal(expected.Order()).And.HaveCountGreaterThan(10);

        static string Kind(string character) => character.Length == 2 ? "" : character;   // rare ones part runs like an end

        static double Entropy(List<string> neighbours) => neighbours.GroupBy(each => each)
            .Sum(same => -(double)same.Count() / neighbours.Count * Math.Log((double)same.Count() / neighbours.Count));
    }

    [Theory]
    [InlineData("no Chinese at all, 123")]
    [InlineData("法")]
    public void Learn_HardlyAChineseCharacter_IsRefused(string text) =>
        ((Action)(() => Learn([text]))).Should().Throw<ToolException>().WithMessage("no words can be learned*")
            .Which.Code.Should().Be(ExitCode.MalformedInput);

    [Fact]
    public void Learn_OneCharacterOverAndOver_IsLinear() =>
        ProcessorTime.Of(() => Learn([new string('法', 100_000)]).Words.Should().NotBeEmpty())
            .Should().BeLessThan(TimeSpan.FromSeconds(60));

    private static WordList Learn(string[] texts) => WordLearner.Learn(texts, texts.Sum(text => text.Length));
}
