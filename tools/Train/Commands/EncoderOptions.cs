using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Data;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Commands;

/// <summary>What is trained: a new encoder with its vocabulary, or a checkpoint to go on from.</summary>
internal sealed class EncoderOptions
{
    private readonly Option<string> architecture = OptionKinds.Word(
        "--architecture", "The encoder [default: gau_alpha, or what --config or --from says]", null,
        [.. ArchitectureTraits.All.Select(entry => JsonName.Of(entry.Architecture))]);
    private readonly Option<int?> layers =
        OptionKinds.Number("--layers", "Layers [default: 8, of the others than GAU-α 4]", 1, 1000);
    private readonly Option<int?> hidden =
        OptionKinds.Number("--hidden", "Width of the hidden states [default: 256]", 1, 65_536);
    private readonly Option<int?> intermediate = OptionKinds.Number(
        "--intermediate", "Width of u and v, or of the feed-forward network [default: 2 or 4 times --hidden]", 1,
        262_144);
    private readonly Option<int?> heads = OptionKinds.Number(
        "--heads", "Attention heads; GAU-α has one [default: --hidden / 64]", 1, 1024);
    private readonly Option<int?> keySize = OptionKinds.Number(
        "--key-size", "Width of q and k, per head [default: 64 of GAU-α, --hidden / --heads of the others]", 2, 4096);
    private readonly Option<string?> config =
        OptionKinds.Text("--config", "A config.json that says the sizes instead.", "FILE");
    private readonly Option<string?> from = OptionKinds.Text(
        "--from",
        "A checkpoint or model file to go on from, with its vocabulary. Sizes that are given have to be its own.",
        "MODEL");
    private readonly Option<string?> vocab = OptionKinds.Text(
        "--vocab", "The vocabulary [default: built from the corpus, as gau-train vocabulary does]", "FILE");
    private readonly Option<int?> vocabSize = OptionKinds.Number(
        "--vocab-size", $"Tokens that a built vocabulary has at most [default: {VocabularyCommand.UsualSize}]",
        VocabularyBuilder.LeastSize);

    /// <summary>Adds them to a command.</summary>
    public EncoderOptions(Command command) => Array.ForEach<Option>(
        [architecture, layers, hidden, intermediate, heads, keySize, config, from, vocab, vocabSize], command.Add);

    /// <summary>Refuses options that would have no effect.</summary>
    /// <exception cref="ToolException">There is one.</exception>
    public void Require(ParseResult result)
    {
        if (result.GetValue(from) is not null)
            Refuse(result, "--from has its own", config, vocab, vocabSize);
        if (result.GetValue(vocab) is not null)
            Refuse(result, "--vocab is one that is built already", vocabSize);
    }

    /// <summary>The configuration that is given, or null.</summary>
    public string? Config(ParseResult result) => result.GetValue(config);

    /// <summary>Options with what was asked for.</summary>
    public PretrainOptions Apply(ParseResult result, PretrainOptions options) => options with
    {
        Sizes = new ModelSizes
        {
            Architecture = result.GetValue(architecture) is { } name
                ? ArchitectureTraits.All.First(entry => JsonName.Of(entry.Architecture) == name).Architecture
                : null,
            Layers = result.GetValue(layers),
            Hidden = result.GetValue(hidden),
            Intermediate = result.GetValue(intermediate),
            Heads = result.GetValue(heads),
            KeySize = result.GetValue(keySize),
        },
        Config = Config(result),
        From = result.GetValue(from),
        Vocab = result.GetValue(vocab),
        VocabSize = result.GetValue(vocabSize) ?? options.VocabSize,
    };

    private static void Refuse(ParseResult result, string why, params Option[] others)
    {
        if (others.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
            throw new ToolException(ExitCode.Usage, $"{why}: leave {given.Name} out.");
    }
}
