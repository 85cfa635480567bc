using System.CommandLine;
using System.Globalization;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Data;

namespace GauRuntime.Train.Commands;

/// <summary><c>gau-train vocabulary</c>: a <c>vocab.txt</c> of the characters of a corpus.</summary>
internal static class VocabularyCommand
{
    internal const int UsualSize = 12_000, UsualMinCount = 5;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandStreams streams)
    {
        Command command = new("vocabulary", "Make a vocabulary of the characters of a corpus.");
        CorpusOptions corpus = new(command);
        ListOutput output = new(command, "The vocabulary to write, a token on each line.");
        Option<int?> size = OptionKinds.Number(
            "--size", $"Keep so many tokens at most, the most frequent [default: {UsualSize}]",
            VocabularyBuilder.LeastSize);
        Option<int?> minCount = OptionKinds.Number(
            "--min-count", $"Leave out characters that occur less often [default: {UsualMinCount}]", 1);
        command.Add(size);
        command.Add(minCount);
        command.SetAction(result =>
        {
            InputFile[] inputs = corpus.Inputs(result, streams);
            Documents documents = corpus.Documents(result, inputs);
            using OutputFile file = output.Create(result, inputs);
            VocabularyBuilder builder = new();
            foreach (string text in documents.Read())
                builder.Add(text);
            CorpusOptions.Tell(documents, result, streams);
            Vocabulary vocabulary = builder.Build(
                result.GetValue(size) ?? UsualSize, result.GetValue(minCount) ?? UsualMinCount);
            vocabulary.Write(file.Stream);
            file.Commit();
            string path = output.Path(result);
            streams.Output.WriteLine(
                result.GetValue<bool>("--json")
                    ? Json(path, vocabulary, builder, documents)
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path}: {vocabulary.Tokens.Count} tokens, which have {Percent.Of(Share(builder))} of the "
                        + $"{builder.Characters} characters of {documents.Count} documents"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static double Share(VocabularyBuilder builder) =>
        builder.Characters == 0 ? 1 : (double)builder.Covered / builder.Characters;

    private static string Json(string path, Vocabulary vocabulary, VocabularyBuilder builder, Documents documents) =>
        JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("output", path);
            json.WriteNumber("tokens", vocabulary.Tokens.Count);
            json.WriteNumber("characters", builder.Characters);
            json.WriteNumber("covered", builder.Covered);
            json.WriteNumber("documents", documents.Count);
            json.WriteNumber("empty", documents.Empty);
            json.WriteNumber("rejected", documents.Rejects.Records);
            json.WriteEndObject();
        });
}
