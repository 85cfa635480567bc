using System.CommandLine;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Inspection;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert;

/// <summary>The command line of <c>gau-convert</c>.</summary>
internal static class CommandLine
{
    private static readonly Argument<string> Checkpoint = new("CHECKPOINT")
    {
        Description = "A folder, a safetensors, PyTorch or Keras file, or the prefix of a TensorFlow checkpoint.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Output = new("--output", "-o") { Description = "The model file to write.", HelpName = "MODEL" };
    private static readonly Option<string> Type = Choice("--type", "How the encoder's matrices are stored.", "int8", "f32");
    private static readonly Option<string> Block = Choice("--block", "Inputs per int8 block.", "64", "32", "128");
    private static readonly Option<string> Config = File("--config", "Configuration; default: config.json or bert_config.json beside the weights.");
    private static readonly Option<string> Vocab = File("--vocab", "Vocabulary; default: vocab.txt beside the weights.");
    private static readonly Option<string> LabelFile = File("--labels", "Labels, one per line; default: id2label of the configuration.");
    private static readonly Option<string> DialectName = Choice("--dialect", "Whose rules the model follows: the PyTorch ports' or bert4keras'.", "port", "keras");
    private static readonly Option<string?> Segments = new("--segments") { Description = "Segment ids of pairs; default: zeros for port, pairs for keras." };
    private static readonly Option<bool> AllowExtra = new("--allow-extra") { Description = "Leave out tensors that the model has no place for." };
    private static readonly Option<string> HeadLayer = new("--head-layer") { Description = "The Keras layer that is the head; default: the last that could be.", HelpName = "NAME" };
    private static readonly Option<bool> Cased = new("--cased") { Description = "Do not lower-case texts." };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace an existing output." };
    private static readonly Option<bool> Json = new("--json") { Description = "Results and errors as JSON.", Recursive = true };
    private static readonly Argument<string> Inspected = new("CHECKPOINT") { Description = Checkpoint.Description };
    private static readonly Option<bool> Stats = new("--stats") { Description = "First values, sums, NaN and Inf counts." };

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Arguments without the program's name.</param>
    /// <param name="output">Standard output: results.</param>
    /// <param name="error">Standard error: messages and progress.</param>
    /// <param name="terminal">Whether <paramref name="error"/> is a terminal.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, bool terminal = false)
    {
        ParseResult parsed = Root(output, error, terminal).Parse(args);
        bool json = args.Contains("--json");
        if (parsed.Errors.Count > 0)
            return Failure.ReportUsage(parsed.Errors.Select(fault => fault.Message), error, json);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
#pragma warning disable CA1031 // Whatever happens, a user gets one line and a script an exit code.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Failure.Report(fault, error, json);
        }
    }

    private static RootCommand Root(TextWriter output, TextWriter error, bool terminal)
    {
        Segments.AcceptOnlyFromAmong("zeros", "pairs");
        RootCommand root = new("Converts checkpoints of GAU-α and RoFormerV2 into model files.")
        {
            Checkpoint, Output, Type, Block, Config, Vocab, LabelFile, DialectName, Segments, AllowExtra, HeadLayer, Cased, Force, Json,
        };
        root.SetAction(parsed => Convert(parsed, output, error, terminal));
        Command inspect = new("inspect", "Lists the tensors of any checkpoint of a known kind.") { Inspected, Stats };
        inspect.SetAction(parsed => InspectCommand.Run(
            parsed.GetValue(Inspected)!, parsed.GetValue(Stats), parsed.GetValue(Json), output));
        root.Add(inspect);
        return root;
    }

    private static int Convert(ParseResult parsed, TextWriter output, TextWriter error, bool terminal)
    {
        bool json = parsed.GetValue(Json);
        ConvertOptions options = new()
        {
            Checkpoint = parsed.GetValue(Checkpoint) ?? throw Usage("CHECKPOINT is missing."),
            Output = parsed.GetValue(Output) ?? throw Usage("Option '--output' is required."),
            Type = parsed.GetValue(Type) == "f32" ? WeightType.F32 : WeightType.Int8,
            Block = parsed.GetValue(Block) switch { "32" => 32, "128" => 128, _ => 64 },
            Config = parsed.GetValue(Config),
            Vocab = parsed.GetValue(Vocab),
            Labels = parsed.GetValue(LabelFile),
            Dialect = parsed.GetValue(DialectName) == "keras" ? Dialect.Keras : Dialect.Port,
            Segments = parsed.GetValue(Segments) switch { "zeros" => SegmentPolicy.Zeros, "pairs" => SegmentPolicy.Pairs, _ => null },
            AllowExtra = parsed.GetValue(AllowExtra),
            HeadLayer = parsed.GetValue(HeadLayer),
            Cased = parsed.GetValue(Cased),
            Force = parsed.GetValue(Force),
        };
        if (options.Output is "" or "-") throw Usage("A model file is mapped, so it cannot be written to standard output.");
        ConversionResult result = Converter.Run(options, new ConvertMessages(error, json, terminal));
        if (json) ConvertReport.Json(result, output);
        else ConvertReport.Table(result, output);
        return ExitCode.Ok;
    }

    private static ToolException Usage(string message) => new(ExitCode.Usage, message);

    private static Option<string> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
