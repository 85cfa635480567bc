using System.CommandLine;
using System.Globalization;
using GauRuntime.Convert.Configuration;
using GauRuntime.Threads;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Commands;

/// <summary><c>gau-train pretrain</c>: a masked language model out of a corpus.</summary>
internal sealed class PretrainCommand
{
    private const int UsualLength = 512;

    private readonly CommandStreams streams;
    private readonly Command command =
        new("pretrain", "Train a masked language model on a corpus, as the authors did.");
    private readonly CorpusOptions corpus;
    private readonly SegmenterOptions segmenter;
    private readonly EncoderOptions encoder;
    private readonly BudgetOptions budget;

    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "The checkpoint to write, a folder; DIR.training beside it holds the state and the curve.",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<int?> maxLength = OptionKinds.Number(
        "--max-length", "Tokens of a text, [CLS] and [SEP] included; longer ones are cut into pieces [default: 512]", 8,
        ushort.MaxValue);
    private readonly Option<int?> piece = OptionKinds.Number(
        "--piece", "Characters of a piece at most [default: 1.2 for each token of --max-length]", 1, 1 << 20);
    private readonly Option<int?> batchTokens = OptionKinds.Number(
        "--batch-tokens", "Tokens of a micro-batch, padding included [default: 4096]", 8);
    private readonly Option<int?> accumulate =
        OptionKinds.Number("--accumulate", "Micro-batches of an update [default: 1]", 1, 1 << 20);
    private readonly Option<double?> rate = OptionKinds.Amount("--rate", "Learning rate of LAMB [default: 0.00176]");
    private readonly Option<string> schedule = OptionKinds.Word(
        "--schedule", "How the rate falls with the share of the budget; roformer-v2 warms up before.", Schedules.Usual,
        Schedules.Names);
    private readonly Option<double?> dropout = OptionKinds.Amount(
        "--dropout",
        "Share of hidden states that is dropped, and of attention weights unless told "
        + "[default: 0.1, or as --config says]");
    private readonly Option<double?> attentionDropout = OptionKinds.Amount(
        "--attention-dropout", "Share of attention weights that is dropped [default: as --dropout]");
    private readonly Option<double?> decay = OptionKinds.Amount("--weight-decay", "Weight decay [default: 0.01]");
    private readonly Option<string[]> noDecay = Patterns(
        "--no-decay", "Regular expression of tensors that do not decay; may be given several times [default: none]");
    private readonly Option<string[]> noAdapt = Patterns(
        "--no-adapt", "Regular expression of tensors whose steps do not adapt to their norm [default: none]");
    private readonly Option<double?> heldOut = OptionKinds.Amount(
        "--held-out", "Share of the documents that is evaluated on and never trained [default: 0.01]");
    private readonly Option<int?> evaluateEvery = OptionKinds.Number(
        "--eval-every", "Updates between two points of the curve [default: a 25th of all]", 1);
    private readonly Option<int?> saveEvery = OptionKinds.Number(
        "--save-every", "Updates between two saved states [default: a 25th of all]", 1);
    private readonly Option<int?> seed =
        OptionKinds.Number("--seed", "What all random numbers come from [default: 0]", 0);
    private readonly Option<int?> threads = OptionKinds.Number(
        "--threads", "Threads; sums are parted among them, so the result depends on it [default: the "
        + "processors this process may use]", 1, 1024);
    private readonly Option<string?> device = OptionKinds.Text(
        "--device", "Where to compute: cpu, cuda or cuda:N [default: cpu]", "NAME");
    private readonly Option<string?> dataNote =
        OptionKinds.Text("--data", "What the texts are, for the card of the model.", "WORDS");
    private readonly Option<string?> licence =
        OptionKinds.Text("--licence", "The licence of the model, for its card.", "NAME");
    private readonly Option<bool> resume = OptionKinds.Switch(
        "--resume", "Go on with an interrupted run of the same plan; begin where there is none.");
    private readonly Option<bool> force =
        OptionKinds.Switch("--force", "Start over, and replace a checkpoint that is there.");

    private PretrainCommand(CommandStreams streams)
    {
        this.streams = streams;
        corpus = new CorpusOptions(command);
        command.Add(output);
        encoder = new EncoderOptions(command);
        segmenter = new SegmenterOptions(command);
        Array.ForEach<Option>([maxLength, piece, batchTokens, accumulate], command.Add);
        budget = new BudgetOptions(command);
        Array.ForEach<Option>(
            [
                rate, schedule, dropout, attentionDropout, decay, noDecay, noAdapt, heldOut, evaluateEvery, saveEvery,
                seed, threads, device, dataNote, licence, resume, force,
            ], command.Add);
        command.SetAction(Run);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandStreams streams) => new PretrainCommand(streams).command;

    private int Run(ParseResult result)
    {
        bool json = result.GetValue<bool>("--json");
        PretrainOptions options = Options(result);
        PretrainMessages messages = new(streams.Error, json, streams.Terminal, TimeProvider.System);
        (PretrainPlan plan, CurvePoint last) = new PretrainRun(options, messages, TimeProvider.System).Run();
        streams.Output.WriteLine(json ? Json(options, plan, last) : Line(options, plan, last));
        return ExitCode.Ok;
    }

    private PretrainOptions Options(ParseResult result)
    {
        if (result.GetValue(resume) && result.GetValue(force))
            throw Usage("--resume goes on with what is there, and --force does away with it: give one of them.");
        string where = result.GetValue(device) ?? DeviceName.Cpu.ToString();
        _ = DeviceName.Parse(where);
        encoder.Require(result);
        DropoutRates rates = Rates(result);
        WordList? words = segmenter.Words(result, streams);
        return encoder.Apply(result, new PretrainOptions
        {
            Corpus = corpus.Documents(result, corpus.Inputs(result, streams), segmenter.HasWords(result)),
            Output = result.GetValue(output)!,
            VocabSize = VocabularyCommand.UsualSize,
            LeastCount = VocabularyCommand.UsualMinCount,
            Segmenter = segmenter.Name(result),
            Words = words,
            CreateSegmenter = texts => segmenter.Create(result, words, texts),
            HasWords = segmenter.HasWords(result),
            MaxLength = result.GetValue(maxLength) ?? UsualLength,
            Piece = result.GetValue(piece) ?? Pieces.Longest(result.GetValue(maxLength) ?? UsualLength),
            BatchTokens = result.GetValue(batchTokens) ?? 4096,
            Accumulate = result.GetValue(accumulate) ?? 1,
            Rate = Above(result, rate) ?? 1.76e-3,
            Schedule = result.GetValue(schedule)!,
            HiddenDropout = rates.Hidden,
            AttentionDropout = rates.Attention,
            Lamb = new LambSettings
            {
                WeightDecay = result.GetValue(decay) ?? 0.01,
                NoDecay = result.GetValue(noDecay) ?? [],
                NoAdapt = result.GetValue(noAdapt) ?? [],
            },
            Budget = budget.Value(result),
            HeldOut = Share(result, heldOut) ?? 0.01,
            EvaluateEvery = result.GetValue(evaluateEvery),
            SaveEvery = result.GetValue(saveEvery),
            Seed = (ulong)(result.GetValue(seed) ?? 0),
            Threads = result.GetValue(threads) ?? ThreadLimit.Of(Environment.GetEnvironmentVariable),
            Device = where,
            DataNote = result.GetValue(dataNote),
            Licence = result.GetValue(licence),
            Resume = result.GetValue(resume),
            Force = result.GetValue(force),
        });
    }

    // Of a configuration that is given too, unless the command line says otherwise.
    private DropoutRates Rates(ParseResult result)
    {
        ConfigFile? config = encoder.Config(result) is { } path ? ConfigFile.Read(path) : null;
        double? Said(string key) => config?.Number(key) is not { } rate ? null
            : rate is >= 0 and < 1 ? rate : throw config.Fault(key, "a share below 1 was expected");
        double? told = Share(result, dropout);
        double hidden = told ?? Said("hidden_dropout_prob") ?? 0.1;
        return new DropoutRates(
            hidden,
            Share(result, attentionDropout) ?? told ?? Said("attention_probs_dropout_prob") ?? hidden);
    }

    private static string Line(PretrainOptions options, PretrainPlan plan, CurvePoint last)
    {
        string heldOut = last.HeldOutLoss is { } loss
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"on held-out texts loss {loss:F3}, accuracy {Percent.Of(last.HeldOutAccuracy!.Value)}")
            : string.Create(CultureInfo.InvariantCulture, $"loss {last.Loss:F3}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Output}: {plan.Updates} updates, {last.Tokens} tokens; {heldOut}");
    }

    private static string Json(PretrainOptions options, PretrainPlan plan, CurvePoint last) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("output"u8, options.Output);
        json.WriteNumber("updates"u8, plan.Updates);
        json.WriteNumber("tokens"u8, last.Tokens);
        json.WriteNumber("seconds"u8, Math.Round(last.Seconds, 3));
        json.WriteNumber("loss"u8, last.Loss);
        json.WriteNumber("accuracy"u8, last.Accuracy);
        if (last.HeldOutLoss is { } loss)
        {
            json.WriteNumber("held_out_loss"u8, loss);
            json.WriteNumber("held_out_accuracy"u8, last.HeldOutAccuracy!.Value);
        }
        json.WriteEndObject();
    });

    private static double? Share(ParseResult result, Option<double?> option) =>
        result.GetValue(option) is >= 1 and var value
            ? throw Usage(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: {value} is no share below 1."))
            : result.GetValue(option);

    private static double? Above(ParseResult result, Option<double?> option) => result.GetValue(option) is 0
        ? throw Usage($"{option.Name}: with 0 nothing is learned.") : result.GetValue(option);

    private static Option<string[]> Patterns(string name, string description) =>
        new(name) { Description = description, HelpName = "REGEX" };

    private static ToolException Usage(string message) => new(ExitCode.Usage, message);
}
