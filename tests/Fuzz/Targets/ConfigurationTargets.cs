using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>The files beside a checkpoint's weights.</summary>
internal static class ConfigurationTargets
{
    private static readonly string[] Models =
        ["gau-tiny/head-seq", "roformer-v2-tiny/head-seq", "bert-tiny/head-tok", "roformer-tiny/head-qa", "cross-tiny"];

    private static readonly Lazy<ICheckpoint[]> Checkpoints = new(
        () => [.. Models.Select(model => CheckpointFile.Open(Fixtures.Path($"{model}/model.safetensors")))]);

    private static readonly ConvertOptions Options = new() { Checkpoint = "", Output = "" };

    public static IEnumerable<FuzzTarget> All =>
    [
        new("config", () => Models.Select(model => Fixture($"{model}/config.json")).Append(OwnHead), input =>
        {
            ConfigFile config = ConfigFile.Read(input.File("config.json"));
            // Of most architectures it is another's.
            AnyOf.These(Checkpoints.Value, checkpoint => ModelSource.Read(checkpoint, config, Options));
        })
        {
            FixedBytes = 16 << 20,
        },
        new("vocabulary", () => [Fixture("bert-tiny/vocab.txt"), "[PAD]\r\n一\r\n##a\r\n"u8.ToArray()], input =>
        {
            string path = input.File("vocab.txt");
            foreach (Dialect dialect in Enum.GetValues<Dialect>())
                _ = VocabularyFile.Read(path, dialect);
        }),
        new("tokenizer-json", () => [Fixture("st-tiny-cls/tokenizer.json")], input =>
            ReadTokenizer(input, input.File("tokenizer.json"))),
        new("tokenizer-config", () => Models.Where(HasTokenizerConfig).Append("bert-tiny").Append("st-tiny-cls").Select(
            model => Fixture($"{model}/tokenizer_config.json")), input =>
        {
            input.Beside("vocab.txt", () => Fixture("bert-tiny/vocab.txt"));
            input.File("tokenizer_config.json");
            ReadTokenizer(input, Path.Combine(input.Folder, "vocab.txt"));
        }),
        new("modules", () => [Fixture("st-tiny/modules.json"), Fixture("st-tiny-cls/modules.json")], input =>
        {
            input.File("modules.json");
            _ = SentenceFolder.Find(input.Folder);
        })
        {
            NamesFiles = true,
        },
    ];

    // The configuration of the ports' head, with one of our own in it.
    private static byte[] OwnHead =>
    [
        .. """
            {"gau_head": {"kind": "token_classification", "labels": ["a", "b", "c"], "pooling": "first", "has_dense": false,
            "dense_activation": "identity", "problem_type": "single_label", "segments": "zeros"},
            """u8,
        .. Fixture("bert-tiny/head-tok/config.json").SkipWhile(c => c != '{').Skip(1),
    ];

    private static byte[] Fixture(string path) => File.ReadAllBytes(Fixtures.Path(path));

    private static bool HasTokenizerConfig(string model) => File.Exists(Fixtures.Path($"{model}/tokenizer_config.json"));

    private static void ReadTokenizer(FuzzInput input, string vocabulary) => AnyOf.These(
        Enum.GetValues<Dialect>(), dialect => TokenizerReader.Read(
            input.Folder, vocabulary, dialect, cased: false, SegmentPolicy.Pairs, judgesCase: true));
}
