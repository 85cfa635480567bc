using System.Collections.Concurrent;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>Trainable models of the tests.</summary>
internal static class Trainable
{
    private static readonly string[] Vocabulary = File.ReadAllLines(Fixtures.Gau("vocab.txt"));

    private static readonly ConcurrentDictionary<string, Lazy<(ModelDescription, Dictionary<string, float[]>)>> Read = new();

    /// <summary>The names of the folders of tests/fixtures with cases of a whole encoder.</summary>
    public static IEnumerable<string> Folders => ArchitectureTraits.All
        .Select(entry => Architectures.Folder(entry.Architecture)).Append("roformer-tiny-e40");

    /// <summary>The model of a folder of tests/fixtures, as PyTorch stores it.</summary>
    /// <param name="folder">Such as <c>gau-tiny/head-seq</c>.</param>
    /// <param name="type">Float32 or Float64; the weights are the same.</param>
    /// <param name="change">Settings of a case.</param>
    public static TrainableModel OfFixture(
        string folder, ScalarType type, Func<ModelConfig, ModelConfig>? change = null)
    {
        (ModelDescription model, Dictionary<string, float[]> weights) = Read.GetOrAdd(folder, name => new(() =>
        {
            // Classifiers lie without a vocabulary below the masked LM that has it.
            using TemporaryFolder whole = new();
            foreach (string file in (string[])["config.json", "model.safetensors"])
                whole.Copy(Fixtures.Path([.. name.Split('/'), file]));
            whole.Copy(Fixtures.Path(name.Split('/')[0], "vocab.txt"));
            using TrainableModel read = TrainableModel.Load(whole.Root, CPU, ScalarType.Float32);
            return (read.Description, read.Parameters.ToDictionary(tensor => tensor.Name, tensor => read.Read(tensor.Name)));
        })).Value;
        return Of(model with { Config = change?.Invoke(model.Config) ?? model.Config }, type, name => weights[name]);
    }

    /// <summary>A model of random weights that keep activations lively, the same as <see cref="RandomModel"/> writes.</summary>
    public static TrainableModel Random(ModelDescription model, ScalarType type) =>
        Of(model, type, name => RandomModel.Tensor(model, name));

    /// <summary>A small model with the vocabulary of the fixtures.</summary>
    public static ModelDescription Describe(ModelConfig config, HeadConfig? head = null) => TinyModel.Describe(
        config with { VocabSize = Vocabulary.Length }, head ?? TinyModel.NoHead, Vocabulary);

    /// <summary>A small configuration of an architecture.</summary>
    public static ModelConfig Config(Architecture architecture) =>
        TinyModel.ConfigOf(architecture, v: Vocabulary.Length, h: 24, e: 36) with
        {
            PositionCount = architecture == Architecture.Bert ? 40 : 0,
        };

    /// <summary>Everything that a configuration can say besides sizes, each once.</summary>
    public static IReadOnlyDictionary<string, ModelConfig> Variants { get; } = Variations().ToDictionary();

    /// <summary>Texts of some lengths with random tokens, and segments where the model has several.</summary>
    public static (int[][] Ids, int[][] Segments) Texts(ModelConfig config, params int[] lengths)
    {
        Random random = new(11);
        int[][] ids = [.. lengths.Select(n => Enumerable.Range(0, n).Select(_ => random.Next(5, config.VocabSize)).ToArray())];
        int[][] segments =
            [.. lengths.Select(n => Enumerable.Range(0, n).Select(_ => random.Next(Math.Max(1, config.SegmentCount))).ToArray())];
        return (ids, segments);
    }

    /// <summary>All numbers of a tensor, in double precision.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static IEnumerable<KeyValuePair<string, ModelConfig>> Variations()
    {
        ModelConfig gau = Config(Architecture.GauAlpha), v2 = Config(Architecture.RoFormerV2),
            bert = Config(Architecture.Bert), v1 = Config(Architecture.RoFormer);
        (string, ModelConfig)[] variants =
        [
            ("gau", gau), ("gau biases", gau with { UseBias = true }),
            ("gau softmax", gau with { Normalization = Normalization.Softmax }),
            ("gau squared_relu", gau with { Normalization = Normalization.SquaredRelu }),
            ("gau min_keys", gau with { MinKeys = 16 }), ("gau unscaled", gau with { AttentionScale = false }),
            ("gau relu", gau with { HiddenAct = Activation.Relu }), ("gau no segments", gau with { SegmentCount = 0 }),
            ("gau one segment", gau with { SegmentCount = 1 }), ("gau untied", gau with { UntiedDecoder = true }),
            ("gau eps", gau with { Eps = 1e-2 }),
            ("v2", v2), ("v2 swish", v2 with { HiddenAct = Activation.Swish }),
            ("v2 keys", v2 with { KeySize = 8 }),
            ("v2 softmax_plus", v2 with { Normalization = Normalization.SoftmaxPlus }),
            ("v2 squared_relu", v2 with { Normalization = Normalization.SquaredRelu }),
            ("bert", bert), ("bert gelu_tanh", bert with { HiddenAct = Activation.GeluTanh }),
            ("bert tanh", bert with { HiddenAct = Activation.Tanh }),
            ("bert identity", bert with { HiddenAct = Activation.Identity }),
            ("bert segments", bert with { SegmentCount = 3 }), ("bert eps", bert with { Eps = 1e-2, MaskedLmEps = 1e-3 }),
            ("bert no masked lm", bert with { MaskedLmTransform = false }),
            ("v1", v1), ("v1 width", v1 with { EmbeddingSize = 16 }), ("v1 values", v1 with { RotaryValue = true }),
            ("v1 untied", v1 with { EmbeddingSize = 40, UntiedDecoder = true }),
            ("v1 unscaled relu", v1 with { AttentionScale = false, HiddenAct = Activation.Relu }),
        ];
        return variants.Select(variant => KeyValuePair.Create(variant.Item1, variant.Item2));
    }

    private static TrainableModel Of(ModelDescription description, ScalarType type, Func<string, float[]> weights)
    {
        TrainableModel model = TrainableModel.Create(description, 1, CPU, type);
        foreach (Parameter parameter in model.Parameters)
            model.Load(parameter.Name, weights(parameter.Name));
        return model;
    }
}
