using GauRuntime.Desktop.Server;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What a job does. Kept in its folder, so that it can go on after the program has ended.</summary>
/// <param name="Name">What the window calls it.</param>
/// <param name="Path">The file of records.</param>
/// <param name="IsCopy">Whether that is a copy in the job's folder.</param>
/// <param name="Task">score, fill or embed.</param>
/// <param name="Model">The model file; null: the one inside the program.</param>
/// <param name="Text">The field of the text; null: the task's usual one.</param>
/// <param name="Pair">The field of the second text, or null.</param>
/// <param name="Id">The field of the id, or null.</param>
/// <param name="Encoding">How the file's characters are bytes.</param>
/// <param name="Format">How its records are laid out; null: by the extension.</param>
/// <param name="Created">When it was begun, in UTC.</param>
internal sealed record JobDescription(
    string Name, string Path, bool IsCopy, string Task, string? Model, string? Text, string? Pair, string? Id,
    string Encoding, string? Format, DateTime Created)
{
    public const string Score = "score", Fill = "fill", Embed = "embed";

    private const int FilledTokens = 5;

    /// <summary>The file of records.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public InputFile Find() => InputFile.Find(Path, FormatOf(Format));

    /// <summary>How its records are laid out, whether or not it is there.</summary>
    public RecordFormat InputFormat =>
        FormatOf(Format) ?? RecordFormats.OfExtension(Path) ?? RecordFormat.JsonLines;

    /// <summary>What is computed.</summary>
    /// <exception cref="Scoring.ScoringException">The model cannot do it.</exception>
    public RecordTask MakeTask(GauModel model) => Task switch
    {
        Fill => new FillTask(model, FilledTokens),
        Embed => new EmbedTask(model, new EmbedderOptions()),
        _ => RecordTask.Score(model),
    };

    /// <summary>Which fields mean what. Texts and other fields go along, so that results stand alone.</summary>
    public RecordFields Fields(RecordTask task) => task.DefaultFields with
    {
        Text = Text ?? task.DefaultFields.Text,
        Pair = Pair ?? task.DefaultFields.Pair,
        Id = Id ?? task.DefaultFields.Id,
        ExpectsIds = Id is not null,
        Encoding = EncodingOf(Encoding),
        KeepOthers = true,
        KeepTexts = true,
    };

    /// <summary>Which fields of its rows mean what: the texts that were scored, whatever became of the file.</summary>
    public RecordFields RowFields => new() { Text = "text", Pair = Pair is null ? null : "pair" };

    /// <summary>An encoding by its name.</summary>
    /// <exception cref="ApiFault">There is none of that name.</exception>
    public static TextEncoding EncodingOf(string name) =>
        TextEncodings.Parse(name) ?? throw ApiFault.Request($"encodings are {TextEncodings.Names}");

    /// <summary>A format by its name; null: by the extension.</summary>
    /// <exception cref="ApiFault">There is none of that name.</exception>
    public static RecordFormat? FormatOf(string? name) => name is null
        ? null
        : RecordFormats.Parse(name) ?? throw ApiFault.Request($"formats are {RecordFormats.Names}");
}
