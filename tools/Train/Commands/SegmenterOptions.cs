using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Commands;

/// <summary>Which tokens are masked together: <c>--segmenter</c>, <c>--words</c>.</summary>
internal sealed class SegmenterOptions
{
    private const string OfWords = "unigram", OfCorpus = "pre", OfTokens = "char", AtRandom = "span";

    private readonly Option<string> segmenter = OptionKinds.Word(
        "--segmenter",
        "What is masked together: words of a list (unigram), words that spaces part in the corpus, or that "
        + "are a JSON array (pre), every token alone (char), 1 to 3 characters at random (span).",
        OfWords, OfWords, OfCorpus, OfTokens, AtRandom);
    private readonly Option<string?> words = OptionKinds.Text(
        "--words", "The word list of unigram, as gau-train words makes it [default: learned from the corpus]", "FILE");

    /// <summary>Adds them to a command.</summary>
    public SegmenterOptions(Command command)
    {
        command.Add(segmenter);
        command.Add(words);
    }

    /// <summary>What was asked for.</summary>
    public string Name(ParseResult result) => result.GetValue(segmenter)!;

    /// <summary>Whether the corpus holds words: <see cref="CorpusLayout.HasWords"/>.</summary>
    public bool HasWords(ParseResult result) => Name(result) == OfCorpus;

    /// <summary>The word list that was given, or null.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="streams">Where to say that words of the list have no effect; null: nowhere.</param>
    /// <exception cref="ToolException">It is given to another segmenter.</exception>
    /// <exception cref="Weights.GauFormatException">It is no word list.</exception>
    public WordList? Words(ParseResult result, CommandStreams? streams = null)
    {
        if (result.GetValue(words) is not { } path)
            return null;
        if (Name(result) != OfWords)
            throw new ToolException(ExitCode.Usage, $"--words is for --segmenter {OfWords}, not {Name(result)}");
        WordList list = WordList.Read(path);
        if (list.Useless > 0)
            streams?.Note(
                $"{path}: {list.Useless} words are not of Chinese characters alone, and no text is cut into them",
                result.GetValue<bool>("--json"));
        return list;
    }

    /// <summary>The segmenter.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="given">What <see cref="Words"/> gave.</param>
    /// <param name="corpus">What words are learned from where none are given.</param>
    public Segmenter Create(ParseResult result, WordList? given, Corpus corpus) => Name(result) switch
    {
        OfCorpus => new Presegmented(),
        OfTokens => new Characters(),
        AtRandom => new Spans(),
        _ => new Unigram(given ?? WordLearner.Learn(corpus.Texts, corpus.Units)),
    };
}
