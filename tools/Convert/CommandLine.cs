using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Inspection;
using GauRuntime.Convert.Verification;
using GauRuntime.Kernels;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert;

/// <summary>The command line of <c>gau-convert</c>.</summary>
internal sealed class CommandLine
{
    private const string Name = "gau-convert";
    private const string What =
        "A folder, a safetensors, PyTorch, Keras or ONNX file, the index (.index.json) of several, or the prefix of a "
        + "TensorFlow checkpoint.";

    private readonly Argument<string> checkpoint = new("CHECKPOINT")
    {
        Description = What,
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> output =
        new("--output", "-o") { Description = "The model file to write.", HelpName = "MODEL" };
    private readonly Option<string> type =
        OptionKinds.Word("--type", "How the encoder's matrices are stored.", "int8", "int8", "f32");
    private readonly Option<string> block = OptionKinds.Word(
        "--block", "Inputs per int8 block [default: 256, or fewer where 256 would mean many zeros]", null, "32", "64",
        "128", "256");
    private readonly Option<string> attention =
        OptionKinds.Word("--attention", "How attention multiplies; default: as --type.", null, "int8", "f32");
    private readonly Option<string> config =
        File("--config", "Configuration; default: config.json or bert_config.json beside the weights.");
    private readonly Option<string> vocab = File("--vocab", "Vocabulary; default: vocab.txt beside the weights.");
    private readonly Option<string> labelFile =
        File("--labels", "Labels, one per line; default: id2label of the configuration.");
    private readonly Option<string> dialectName =
        OptionKinds.Word(
            "--dialect",
            "Whose rules the model follows: Hugging Face's and the PyTorch ports', bert4keras', or those of Google's "
            + "program (gelu by tanh).", "port", "port", "keras", "google");
    private readonly Option<string> segments = OptionKinds.Word(
        "--segments", "Segment ids of pairs; default: zeros of GAU-α and RoFormerV2 unless under keras, else pairs.",
        null, "zeros", "pairs");
    private readonly Option<bool> allowExtra =
        new("--allow-extra") { Description = "Leave out tensors that the model has no place for." };
    private readonly Option<string> headLayer = new("--head-layer")
    {
        Description = "The layer that is the head, where it has another name than usual or several could be.",
        HelpName = "NAME",
    };
    private readonly Option<string> headActivation = OptionKinds.Word(
        "--head-activation", "The activation of a Keras layer between encoder and head; default: what the file says.",
        null, "tanh", "relu", "linear");
    private readonly Option<bool> cased = new("--cased") { Description = "Do not lower-case texts." };
    private readonly Option<string> report = File(
        "--report", "Writes there what the conversion cost: a page (.html) or JSON (.json).");
    private readonly Option<string> texts = File("--texts", "Texts to measure on; without them, weights only.");
    private readonly EncodingOption encoding = new();
    private readonly Option<string> textField = Field("--text", "The field of FILE's records with the text.", "text");
    private readonly Option<string> pairField = new("--pair")
    {
        Description = "The field of FILE's records with the second text of a pair, as a cross-encoder reads it; "
            + "default: none.",
        HelpName = "NAME",
    };
    private readonly Option<string> labelField =
        Field("--label", "The field of FILE's records with the true label.", "label");
    private readonly TableOptions tables = new(namesFormats: false);
    private readonly Option<string> auto = new("--auto")
    {
        Description = "Chooses how to store each matrix: the fastest way whose answers for the texts move by at most "
            + "TARGET, such as 0.1%.",
        HelpName = "TARGET",
    };
    private readonly Option<string> verify = new("--verify-against")
    {
        Description = "Instead of converting: whether CHECKPOINT, or a model file, has the weights of OTHER.",
        HelpName = "OTHER",
    };
    private readonly Option<bool> force = new("--force") { Description = "Replace an existing output." };
    private readonly Option<bool> json =
        new("--json") { Description = "Results and errors as JSON.", Recursive = true };
    private readonly Argument<string> inspected = new("CHECKPOINT") { Description = What };
    private readonly Option<bool> stats = new("--stats") { Description = "First values, sums, NaN and Inf counts." };

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Arguments without the program's name.</param>
    /// <param name="output">Standard output: results.</param>
    /// <param name="error">Standard error: messages and progress.</param>
    /// <param name="terminal">Whether <paramref name="error"/> is a terminal.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool terminal = false)
    {
        args = HelpCommand.Meant(args);
        RootCommand program = new CommandLine().Root(output, error, terminal);
        UnknownOptions.Refuse(program, args);
        ParseResult parsed = program.Parse(args);
        bool json = args.Contains("--json");
        if (parsed.Errors.Count > 0)
            return Failure.ReportUsage(
                [UsageFault.WithAdvice(UsageFault.Of(parsed, program), parsed, program, Name)], error, json);
        // What stands before a command is parsed, but no command asks for it.
        if (parsed.CommandResult.Parent is CommandResult root && root.Children.FirstOrDefault(IsOwn) is { } stray)
            return Failure.ReportUsage([$"{NameOf(stray)} belongs to a conversion: leave it out."], error, json);
        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        // A format without such fields or read from its end; no place for an output.
        catch (ScoringException fault) when (ResourceFaults.Reason(fault) is null && !SignalCleanup.IsEnding)
        {
            return Failure.Report(ScoringFaults.Of(fault), error, json);
        }
#pragma warning disable CA1031 // Whatever happens, a user gets one line and a script an exit code.
        catch (Exception fault) when (!SignalCleanup.IsEnding)
#pragma warning restore CA1031
        {
            return Failure.Report(fault, error, json);
        }
    }

    internal RootCommand Root(TextWriter stdout, TextWriter stderr, bool terminal)
    {
        RootCommand root = new($"Converts checkpoints of {ArchitectureTraits.Titles("and")} into model files.")
        {
            checkpoint,
        };
        Array.ForEach<Option>(
            [
                output, type, block, attention, config, vocab, labelFile, dialectName, segments, allowExtra, headLayer,
                headActivation, cased, report, texts, encoding.Option, textField, pairField, labelField, .. tables.All,
                auto, verify, force, json,
            ],
            root.Add);
        root.SetAction(parsed => Convert(parsed, stdout, stderr, terminal));
        Command inspect = new("inspect", "Lists the tensors of any checkpoint of a known kind.") { inspected, stats };
        inspect.SetAction(parsed => InspectCommand.Run(
            parsed.GetValue(inspected)!, parsed.GetValue(stats), parsed.GetValue(json), stdout));
        root.Add(inspect);
        ShellCommands.Add(root, Notes, stdout.Write);
        return root;
    }

    private static ProgramNotes Notes { get; } = new()
    {
        Name = Name,
        Environment = Environment.GetEnvironmentVariable,
        Variables =
        [
            ("GAU_ISA", $"The kernels to use instead of the best: {string.Join(", ", KernelTiers.Known)}."),
            ("GAU_ISA_UNCHECKED", "For emulators: 1, and the kernels of GAU_ISA=amx are used unasked."),
            (BuildDate.Variable, "The date in the model file and of the manual page, in seconds since 1970."),
        ],
        Examples = new Dictionary<string, (string, string)[]>
        {
            [""] =
            [
                ("gau-convert my-model -o model.safetensors",
                    "A folder with a checkpoint, as it was saved or downloaded."),
                ("gau-convert model.h5 -o model.safetensors --dialect keras --config bert_config.json",
                    "A Keras file."),
                ("gau-convert my-model -o model.safetensors --texts texts.txt --auto 0.1% --report cost.html",
                    "Stored so that answers for the texts hardly move, with a page that shows it."),
            ],
            ["inspect"] = [("gau-convert inspect model.h5 --stats", "Every tensor, with sums.")],
            ["completion"] = [("gau-convert completion bash", "The script for bash.")],
            ["man"] = [("gau-convert man", "The page, for man -l -.")],
        },
        ExitCodes =
        [
            .. ExitCode.Meanings
                .Where(known => known.Code is not (ExitCode.TooManyRejects or ExitCode.Busy or ExitCode.PipeClosed))
                .Select(known => known.Code switch
                {
                    ExitCode.Ok => (known.Code, "done"),
                    ExitCode.Internal => (known.Code, "internal error: please report it"),
                    ExitCode.Mismatch => (known.Code, "--verify-against: the weights differ"),
                    _ => known,
                }),
        ],
    };

    private int Convert(ParseResult parsed, TextWriter stdout, TextWriter stderr, bool terminal)
    {
        bool asJson = parsed.GetValue(json);
        ConvertOptions options = Options(parsed);
        if (parsed.GetValue(verify) is { } other)
        {
            RequireComparison(parsed, options.Checkpoint, other);
            return VerifyCommand.Run(options, other, asJson, stdout);
        }
        if (options.Output is "" or "-")
            throw Usage("A model file is mapped, so it cannot be written to standard output.");
        RequireSense(parsed, options);
        ConversionResult result = Converter.Run(options, new ConvertMessages(stderr, asJson, terminal));
        if (asJson)
            ConvertReport.Json(result, stdout);
        else
            ConvertReport.Table(result, stdout);
        return ExitCode.Ok;
    }

    /// <summary>Throws where options do not go together.</summary>
    private void RequireSense(ParseResult parsed, ConvertOptions options)
    {
        if (options.Auto is not null && options.Texts is null)
            throw Usage("--auto measures on texts: give --texts.");
        if (options.Auto is not null && (Given(parsed, type) || Given(parsed, block) || Given(parsed, attention)))
            throw Usage("--auto chooses types and blocks itself: leave --type, --block and --attention out.");
        if (options.Type == WeightType.F32 && Given(parsed, block))
            throw Usage("--block is the size of int8 blocks: with --type f32 there are none.");
        if (options.Texts is null
            && (Given(parsed, textField) || Given(parsed, pairField) || Given(parsed, labelField)))
            throw Usage("--text, --pair and --label name fields of the records of --texts: give that too.");
        if (options.Texts is null
            && ((Option[])[encoding.Option, .. tables.All]).FirstOrDefault(option => Given(parsed, option)) is { } how)
            throw Usage($"{how.Name} says how the records of --texts are read: give that too.");
        if (options.Texts is { } path)
        {
            InputFile sample = new(
                path, RecordFormats.OfExtension(path) ?? RecordFormat.JsonLines, null, () => Stream.Null);
            encoding.Check(parsed, [sample]);
            tables.Check(parsed, [sample]);
        }
        if (options.Texts is not null && options.Report is null && options.Auto is null)
            throw Usage("--texts is what --report and --auto measure on: give one of them.");
        if (options.Report is not null && options.Auto is null && options.Type == WeightType.F32
            && options.AttentionType == AttentionType.F32)
            throw Usage("--report shows what int8 costs: with --type f32 nothing is quantized.");
    }

    /// <summary>Throws where something would be written, or measured, that a comparison does not.</summary>
    private void RequireComparison(ParseResult parsed, string one, string two)
    {
        Option[] others =
        [
            output, type, block, attention, report, texts, encoding.Option, textField, pairField, labelField,
            .. tables.All, auto, force,
        ];
        if (others.FirstOrDefault(option => Given(parsed, option)) is { } option)
            throw Usage($"--verify-against compares and writes nothing: leave {option.Name} out.");
        Option[] unrelated = [labelFile, dialectName, segments, cased];
        if (unrelated.FirstOrDefault(option => Given(parsed, option)) is { } beside)
            throw Usage($"--verify-against compares weights alone: leave {beside.Name} out.");
        Option[] reading = [config, vocab, headLayer, headActivation, allowExtra];
        if (reading.FirstOrDefault(option => Given(parsed, option)) is { } how
            && WeightSide.IsModelFile(one) && WeightSide.IsModelFile(two))
            throw Usage($"{how.Name} says how a checkpoint is read, and both are model files: leave it out.");
    }

    private static string NameOf(SymbolResult result) =>
        result is OptionResult option ? option.Option.Name : ((ArgumentResult)result).Argument.Name;

    private static bool IsOwn(SymbolResult result) => result switch
    {
        OptionResult option => !option.Implicit && !option.Option.Recursive,
        ArgumentResult argument => argument.Tokens.Count > 0,
        _ => false,
    };

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private ConvertOptions Options(ParseResult parsed)
    {
        bool verifies = parsed.GetValue(verify) is not null;
        return new ConvertOptions
        {
            Checkpoint = parsed.GetValue(checkpoint) ?? throw Usage("CHECKPOINT is missing."),
            Output = parsed.GetValue(output)
                ?? (verifies ? "" : throw Usage("Option '--output' is required.")),
            Type = parsed.GetValue(type) == "f32" ? WeightType.F32 : WeightType.Int8,
            Block = parsed.GetValue(block) is { } size ? int.Parse(size, CultureInfo.InvariantCulture) : null,
            Attention = parsed.GetValue(attention) switch
            {
                "f32" => AttentionType.F32,
                "int8" => AttentionType.Int8,
                _ => null,
            },
            Config = parsed.GetValue(config),
            Vocab = parsed.GetValue(vocab),
            Labels = parsed.GetValue(labelFile),
            Dialect = parsed.GetValue(dialectName) switch
            {
                "keras" => Dialect.Keras,
                "google" => Dialect.Google,
                _ => Dialect.Port,
            },
            Segments = parsed.GetValue(segments) switch
            {
                "zeros" => SegmentPolicy.Zeros,
                "pairs" => SegmentPolicy.Pairs,
                _ => null,
            },
            AllowExtra = parsed.GetValue(allowExtra),
            HeadLayer = parsed.GetValue(headLayer),
            HeadActivation = parsed.GetValue(headActivation) switch
            {
                "tanh" => Activation.Tanh,
                "relu" => Activation.Relu,
                "linear" => Activation.Identity,
                _ => null,
            },
            Cased = parsed.GetValue(cased),
            Report = parsed.GetValue(report),
            Texts = parsed.GetValue(texts),
            Fields = Fields(parsed),
            Auto = parsed.GetValue(auto) is { } target ? AutoTarget.Parse(target) : null,
            Force = parsed.GetValue(force),
        };
    }

    private RecordFields Fields(ParseResult parsed)
    {
        RecordFields fields = tables.Apply(parsed, new RecordFields
        {
            Text = parsed.GetValue(textField)!,
            Pair = parsed.GetValue(pairField),
            Encoding = encoding.Value(parsed),
            ExpectsLabels = Given(parsed, labelField),
        });
        // Without names of columns the usual name means nothing.
        return fields with
        {
            Label = fields.HasHeader || fields.ExpectsLabels ? parsed.GetValue(labelField)! : null,
        };
    }

    private static ToolException Usage(string message) => new(ExitCode.Usage, message);

    private static Option<string> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };

    private static Option<string> Field(string name, string description, string usual) =>
        new(name) { Description = description, HelpName = "NAME", DefaultValueFactory = _ => usual };
}
