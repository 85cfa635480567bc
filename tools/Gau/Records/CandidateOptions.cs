using System.CommandLine;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Records;

/// <summary>The argument of the candidates, and the options of their own.</summary>
internal sealed class CandidateOptions
{
    private const string UsualQuery = "query";

    private readonly Argument<string> candidates = new("CANDIDATES")
    {
        Description = "Records of the texts that are ranked, as QUERIES; they are held in memory.",
    };
    private readonly Option<string?> query = OptionKinds.Text(
        "--query", "Field of a candidate that holds the id of the query it is for [default: query, where a candidate "
        + "has that field; else all are for every query]", "NAME");
    private readonly Option<string?> text = OptionKinds.Text(
        "--candidate-text", "Field of a candidate's text [default: as --text]", "NAME");
    private readonly Option<string?> id = OptionKinds.Text(
        "--candidate-id", "Field of a candidate's id [default: as --id]", "NAME");
    private readonly Option<string> format = OptionKinds.Word(
        "--candidate-format", "Format of the candidates [default: as --format]",
        null, FormatWords.OfRecords);

    /// <summary>Adds them to a command.</summary>
    public CandidateOptions(Command command)
    {
        command.Add(candidates);
        Array.ForEach<Option>([query, text, id, format], command.Add);
    }

    /// <summary>What was typed.</summary>
    public string Path(ParseResult result) => result.GetValue(candidates)!;

    /// <summary>The format that was asked for, or null to go by the extension.</summary>
    public RecordFormat? Format(ParseResult result, RecordFormat? usual) =>
        result.GetValue(format) is { } given ? RecordFormats.Parse(given) : usual;

    /// <summary>The fields of the candidates, whose label is the query that they name.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="usual">Those of the queries.</param>
    /// <exception cref="ToolException">Their query is a field of something else.</exception>
    public RecordFields Fields(ParseResult result, RecordFields usual)
    {
        string? named = result.GetValue(query);
        RecordFields fields = usual with
        {
            Text = result.GetValue(text) ?? usual.Text,
            Id = result.GetValue(id) ?? usual.Id,
            ExpectsIds = usual.ExpectsIds || result.GetValue(id) is not null,
            KeepOthers = false,
        };
        string name = named ?? UsualQuery;
        bool isTaken = name == fields.Text || name == fields.Id;
        if (isTaken && named is not null)
            throw new ToolException(ExitCode.Usage, $"{query.Name}: '{named}' is the field of something else");
        // Without a header columns are called by numbers, so that none has the usual name.
        bool isRead = named is not null || !isTaken && fields.HasHeader;
        return fields with { Label = isRead ? name : null, ExpectsLabels = named is not null };
    }

    /// <summary>Refuses what would have no effect on these inputs.</summary>
    /// <exception cref="ToolException">There is such an option.</exception>
    public void Check(ParseResult result, IReadOnlyList<InputFile> inputs)
    {
        if (inputs.Any(input => input.Format != RecordFormat.Text))
            return;
        if (((Option<string?>[])[query, text, id]).FirstOrDefault(o => result.GetValue(o) is not null) is { } given)
            throw new ToolException(ExitCode.Usage, $"{given.Name}: these candidates have no fields to be named");
    }
}
