using System.CommandLine;
using GauRuntime.Scoring;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Commands;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train;

/// <summary>Where a command writes.</summary>
/// <param name="Output">Standard output: results.</param>
/// <param name="Error">Standard error: messages and progress.</param>
/// <param name="Terminal">Whether <paramref name="Error"/> is a terminal.</param>
internal sealed record CommandStreams(TextWriter Output, TextWriter Error, bool Terminal)
{
    /// <summary>A line on stderr about something worth knowing that is no fault.</summary>
    public void Note(string note, bool json) => Error.WriteLine(NoteLine.Of(note, json));
}

/// <summary>The command line of <c>gau-train</c>.</summary>
internal static class CommandLine
{
    private const string Name = "gau-train";

    private static readonly Func<CommandStreams, Command>[] Commands =
    [
        PretrainCommand.Create, FinetuneCommand.Create, HeadCommand.Create, VocabularyCommand.Create,
        WordsCommand.Create,
    ];

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Arguments without the program's name.</param>
    /// <param name="output">Standard output: results.</param>
    /// <param name="error">Standard error: messages and progress.</param>
    /// <param name="terminal">Whether <paramref name="error"/> is a terminal.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool terminal = false)
    {
        args = HelpCommand.Meant(args);
        RootCommand program = Root(new CommandStreams(output, error, terminal));
        UnknownOptions.Refuse(program, args);
        ParseResult parsed = program.Parse(args);
        bool json = args.Contains("--json");
        if (parsed.Errors.Count > 0)
            return Failure.ReportUsage(
                [UsageFault.WithAdvice(UsageFault.Of(parsed, program), parsed, program, Name)], error, json);
        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (ScoringException fault) when (ResourceFaults.Reason(fault) is null && !SignalCleanup.IsEnding)
        {
            return Failure.Report(ScoringFaults.Of(fault), error, json);
        }
#pragma warning disable CA1031 // Whatever happens, a user gets one line and a script an exit code.
        catch (Exception fault) when (!SignalCleanup.IsEnding)
#pragma warning restore CA1031
        {
            return Failure.Report(Libtorch.Explained(fault), error, json);
        }
    }

    private static RootCommand Root(CommandStreams streams)
    {
        RootCommand root = new($"Trains {ArchitectureTraits.Titles("and")}.")
        {
            new Option<bool>("--json") { Description = "Results, events and errors as JSON.", Recursive = true },
        };
        foreach (Func<CommandStreams, Command> create in Commands)
            root.Add(create(streams));
        ShellCommands.Add(root, Notes, streams.Output.Write);
        return root;
    }

    private static ProgramNotes Notes { get; } = new()
    {
        Name = Name,
        Environment = Environment.GetEnvironmentVariable,
        Variables = [],
        Examples = new Dictionary<string, (string, string)[]>
        {
            ["finetune"] =
            [
                ("gau-train finetune my-model rows.jsonl --task sequence --labels label -o tuned",
                    "A text classifier, of whose rows a tenth judges."),
                ("gau-train finetune my-model train.json --clue-task tnews --dev dev.json -o tnews",
                    "The files of a task of CLUE, by the authors' recipe."),
            ],
            ["head"] =
            [
                ("gau-train head my-model rows.csv --labels kind -o classifier",
                    "A linear head on features of a model that stays as it is."),
            ],
            ["vocabulary"] =
            [
                ("gau-train vocabulary 'corpus/**/*.jsonl.zst' -o vocab.txt --size 12000",
                    "The 12,000 most frequent characters of a corpus."),
            ],
            ["words"] =
            [
                ("gau-train words corpus -o words.txt", "The words of the files in a folder, most frequent first."),
            ],
            ["pretrain"] =
            [
                ("gau-train pretrain corpus -o my-model --hours 4",
                    "A GAU-α of the size of the model inside gau, in an evening."),
                ("gau-train pretrain corpus -o my-model --hours 4 --resume", "The same, where it was interrupted."),
                ("gau-train pretrain corpus -o other --from my-model --updates 2000 --rate 5e-4",
                    "Goes on with another corpus."),
            ],
        },
        ExitCodes =
        [
            .. ExitCode.Meanings.Select(known => known.Code switch
            {
                ExitCode.Ok => (known.Code, "done"),
                ExitCode.Diverged => (known.Code, "more rejects than --max-rejects; training whose loss exploded"),
                ExitCode.Internal => (known.Code, "internal error: please report it"),
                ExitCode.Mismatch => (known.Code, "--resume with another plan"),
                _ => known,
            }),
        ],
    };
}
