using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;
using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;
using GauRuntime.Weights.Tests;

namespace GauRuntime.Convert.Tests;

/// <summary>Heads that other programs than the PyTorch ports fine-tune.</summary>
public sealed class FamilyHeadTests : IDisposable
{
    private const double LogitTolerance = 5e-5;   // tests/fixtures/README.md

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// What Google's run_squad.py leaves: kernels [in, out], but its output weights [2, h] as they are, beside a pooler
    /// that nothing reads, Adam slots and a counter.
    /// </summary>
    [Theory]
    [InlineData("bert_config.json")]
    [InlineData("config.json")]
    public void Convert_GoogleQuestionAnswering_SameHashAsPort(string config)
    {
        string port = Fixtures.Path("bert-tiny", "head-qa");
        string[] vocabulary = ["--vocab", Fixtures.Path("bert-tiny", "vocab.txt")];
        List<BundleTensor> tensors = [new("global_step", 9, [], BitConverter.GetBytes(1234L))];
        foreach ((string name, long[] shape, float[] values) in Safetensors.Read(Path.Combine(port, "model.safetensors")).Tensors)
        {
            string google = GoogleName(name);
            bool kernel = google.EndsWith("/kernel", StringComparison.Ordinal);
            BundleTensor tensor = kernel
                ? Float(google, [shape[1], shape[0]], Transposed(values, (int)shape[0], (int)shape[1]))
                : Float(google, shape, values);
            tensors.AddRange([tensor, tensor with { Name = google + "/adam_m" }, tensor with { Name = google + "/adam_v" }]);
        }
        tensors.AddRange(
            [Float("bert/pooler/dense/kernel", [32, 32], new float[1024]), Float("bert/pooler/dense/bias", [32], new float[32])]);
        string prefix = folder.Path("model.ckpt-1234");
        folder.Write("model.ckpt-1234.index", new BundleWriter().Write(prefix, [.. tensors]));

        using ModelFileReader expected = Tool.Convert(folder, Path.Combine(port, "model.safetensors"), vocabulary);
        using ModelFileReader found = Tool.Convert(
            folder, prefix,
            [
                .. vocabulary, "--config",
                config == "config.json" ? Path.Combine(port, config) : Fixtures.Path("bert-tiny", "head-seq", config),
            ]);
        found.Hash.Should().Be(expected.Hash);
        found.Description.Head.Should().BeEquivalentTo(expected.Description.Head);
        found.Description.Head.Kind.Should().Be(HeadKind.QuestionAnswering);
    }

    public static TheoryData<Architecture> WithKerasClassifier =>
    [
        .. ArchitectureTraits.All.Select(entry => entry.Architecture)
            .Where(architecture => File.Exists(Architectures.Fixture(architecture, "head-seq", "classifier.weights.h5"))),
    ];

    /// <summary>bert4keras' classifiers: a pooler before the head, or the first token as it is.</summary>
    [Theory]
    [MemberData(nameof(WithKerasClassifier))]
    public void Convert_KerasClassifier_GivesTheReferencesLogits(Architecture architecture)
    {
        string source = Architectures.Fixture(architecture, "head-seq");
        using ModelFileReader file = Tool.Convert(
            folder, Path.Combine(source, "classifier.weights.h5"), "--type", "f32", "--dialect", "keras", "--vocab",
            Architectures.Fixture(architecture, "vocab.txt"));
        using GauModel model = GauModel.Load(file.Path);
        using GauWorkspace workspace = new(model);
        JsonElement golden =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "case_keras_dialect.json"))).RootElement;
        GauBatch batch = new();
        for (int row = 0; row < golden.GetProperty("input_ids").GetArrayLength(); row++)
        {
            int[] Of(string key) => [.. golden.GetProperty(key)[row].EnumerateArray().Select(number => number.GetInt32())];
            int[] mask = Of("attention_mask"), ids = Of("input_ids"), segments = Of("token_type_ids");
            int[] keys = [.. Enumerable.Range(0, mask.Length).Where(i => i == 0 || mask[i] != 0)];
            batch.Add([.. keys.Select(i => ids[i])], [.. keys.Select(i => segments[i])], keys);
        }
        GauEncoder.Forward(model, batch, workspace);
        float[] logits = new float[model.Head.OutputCount];
        for (int row = 0; row < batch.Count; row++)
        {
            ClassifierHead.SequenceLogits(model, workspace, batch, row, logits);
            for (int i = 0; i < logits.Length; i++)
                ((double)logits[i]).Should().BeApproximately(
                    golden.GetProperty("logits")[row][i].GetDouble(), LogitTolerance);
        }
    }

    private static BundleTensor Float(string name, long[] shape, float[] values) =>
        new(name, 1, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => values[i % rows * columns + i / rows])];

    /// <summary>What Google's program calls a tensor of Hugging Face's.</summary>
    private static string GoogleName(string name)
    {
        if (name.StartsWith("qa_outputs.", StringComparison.Ordinal))
            return "cls/squad/output_" + (name.EndsWith("bias", StringComparison.Ordinal) ? "bias" : "weights");
        string path = name.Replace(".layer.", "/layer_", StringComparison.Ordinal).Replace('.', '/')
            .Replace("LayerNorm/weight", "LayerNorm/gamma", StringComparison.Ordinal)
            .Replace("LayerNorm/bias", "LayerNorm/beta", StringComparison.Ordinal);
        return path.EndsWith("_embeddings/weight", StringComparison.Ordinal) ? path[..^"/weight".Length]
            : path.EndsWith("/weight", StringComparison.Ordinal) ? path[..^"weight".Length] + "kernel" : path;
    }
}
