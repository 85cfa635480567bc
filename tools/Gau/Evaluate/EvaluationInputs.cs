using GauRuntime.Cli.Records;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Evaluate;

/// <summary>What a command line wants evaluated.</summary>
/// <param name="Paths">The inputs, as they were typed.</param>
/// <param name="Labels">The field of the label, or null.</param>
/// <param name="Clue">The CLUE task, or null.</param>
/// <param name="Answers">The file of the labels of chid, or null.</param>
/// <param name="Output">The file for predictions, or null.</param>
/// <param name="Page">The file for the page, or null.</param>
internal sealed record EvaluationInputs(
    string[] Paths, string? Labels, ClueTask? Clue, string? Answers, string? Output, string? Page)
{
    /// <summary>The windows that texts are read in, or null.</summary>
    public WindowOptions? Windows { get; init; }

    /// <summary>What makes a classifier of the masked LM, or null.</summary>
    public Prompt? Prompt { get; init; }

    /// <summary>The file of its words, or null.</summary>
    public string? WordFile { get; init; }

    /// <summary>The labels out of files of their own: those that were named, or lie beside the inputs.</summary>
    public IReadOnlyDictionary<string, int>? ReadAnswers(InputFile[] inputs, CommandHost host)
    {
        string[] files = AnswerFiles(inputs);
        Dictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            using Stream stream = Inputs.Find(file, RecordFormat.JsonLines, host).Open();
            foreach ((string blank, int index) in IdiomBlanks.ReadAnswers(file, stream))
                all[blank] = index;
        }
        return files.Length == 0 ? null : all;
    }

    /// <summary>The files of the labels.</summary>
    public string[] AnswerFiles(InputFile[] inputs) => Clue is not { HasAnswers: true } ? []
        : Answers is not null ? [Answers]
        : [.. inputs.Select(input => IdiomBlanks.FileBeside(input.Name)).Where(File.Exists)];

    /// <summary>The inputs as what they are.</summary>
    public InputFile[] Read(InputFile[] files, HeadConfig head, IReadOnlyDictionary<string, int>? answers) =>
        Clue is null ? files : [.. files.Select(file => Clue.Input(file, head, answers))];
}
