using System.CommandLine;
using System.Globalization;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Commands;

/// <summary><c>gau-train words</c>: the words of a corpus, which <c>--segmenter unigram</c> cuts it into.</summary>
internal static class WordsCommand
{
    private const int LongestPiece = 1 << 20;   // whole documents, but for endless ones

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandStreams streams)
    {
        Command command = new("words", "Learn the words of a corpus, with how often they occur.");
        CorpusOptions corpus = new(command);
        ListOutput output = new(command, "The list to write: on each line a word, a tab, its count.");
        command.SetAction(result =>
        {
            InputFile[] inputs = corpus.Inputs(result, streams);
            Documents documents = corpus.Documents(result, inputs);
            using OutputFile file = output.Create(result, inputs);
            CorpusLayout layout = new(LongestPiece, HeldOut: 0, Seed: 0);
            using Corpus pieces = Corpus.Read(documents.Read(), layout, Path.GetTempPath());
            CorpusOptions.Tell(documents, result, streams);
            WordList words = WordLearner.Learn(pieces.Texts, pieces.Units);
            words.Write(file.Stream);
            file.Commit();
            string path = output.Path(result);
            double length = words.Words.Sum(word => (double)word.Count * word.Word.EnumerateRunes().Count())
                / words.Words.Sum(word => word.Count);
            streams.Output.WriteLine(
                result.GetValue<bool>("--json")
                    ? Json(path, words, length, documents)
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path}: {words.Words.Count} words, {length:0.00} characters each on average, of "
                        + $"{documents.Count} documents"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Json(string path, WordList words, double length, Documents documents) =>
        JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("output", path);
            json.WriteNumber("words", words.Words.Count);
            json.WriteNumber("characters_per_word", Math.Round(length, 4));
            json.WriteNumber("documents", documents.Count);
            json.WriteNumber("empty", documents.Empty);
            json.WriteNumber("rejected", documents.Rejects.Records);
            json.WriteEndObject();
        });
}
