using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Benchmarks.Agreement;

/// <summary>int8 against F32 on the legal model.</summary>
/// <param name="Texts">Classified texts.</param>
/// <param name="SameLabel">Share of texts with the same label.</param>
/// <param name="ProbabilityDifference">Mean over texts and labels of |p − p̂|.</param>
/// <param name="AccuracyF32">Share of true labels, F32.</param>
/// <param name="AccuracyInt8">Share of true labels, int8.</param>
/// <param name="Masks">Masked characters.</param>
/// <param name="SameTop1">Share of masks with the same best token.</param>
/// <param name="MaskedAccuracyF32">Share of masks filled with the hidden character, F32.</param>
/// <param name="MaskedAccuracyInt8">Share of masks filled with the hidden character, int8.</param>
internal sealed record AgreementResult(
    int Texts, double SameLabel, double ProbabilityDifference, double AccuracyF32, double AccuracyInt8,
    int Masks, double SameTop1, double MaskedAccuracyF32, double MaskedAccuracyInt8);

/// <summary>
/// Measures <see cref="AgreementResult"/> on tests/fixtures/legal: held-out texts of the model's own training.
/// </summary>
internal static class AgreementMeasurement
{
    private const int MaxLength = 512, MaskEvery = 7;

    /// <summary>Converts models/legal to both types in a temporary folder, runs both, compares.</summary>
    public static AgreementResult Run(string repository)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-agreement-");
        try
        {
            using GauModel exact = Convert(repository, folder.FullName, "f32");
            using GauModel quantized = Convert(repository, folder.FullName, "int8");
            string[] texts = File.ReadAllLines(Path.Combine(repository, "tests", "fixtures", "legal", "test.jsonl"));
            string[] paragraphs = File.ReadAllLines(
                Path.Combine(repository, "tests", "fixtures", "legal", "mlm.jsonl"));
            return Compare(Classify(exact, texts), Classify(quantized, texts), Labels(exact, texts),
                Fill(exact, paragraphs), Fill(quantized, paragraphs));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The folder of the solution that this program was built from.</summary>
    public static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GauRuntime.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("run this from inside the repository");
    }

    private static GauModel Convert(string repository, string folder, string type)
    {
        string path = Path.Combine(folder, type + ".safetensors");
        int code = GauRuntime.Convert.CommandLine.Run(
            [Path.Combine(repository, "models", "legal"), "-o", path, "--type", type], TextWriter.Null, Console.Error);
        return code == 0
            ? GauModel.Load(path)
            : throw new InvalidOperationException($"the conversion ended with {code}");
    }

    /// <summary>Probabilities per text [texts][labels].</summary>
    private static float[][] Classify(GauModel model, string[] lines) => Map(model, lines, (text, workspace, batch) =>
    {
        model.Tokenizer.Encode(Text(text), Encoded, MaxLength);
        batch.Add(Encoded.Ids);
        GauEncoder.Forward(model, batch, workspace);
        float[] probabilities = new float[model.Head.OutputCount];
        ClassifierHead.SequenceLogits(model, workspace, batch, 0, probabilities);
        Probabilities.Softmax(probabilities);
        return probabilities;
    });

    private static int[] Labels(GauModel model, string[] lines) => [.. lines.Select(line =>
        model.Head.Labels.ToList().IndexOf(JsonDocument.Parse(line).RootElement.GetProperty("label").GetString()!))];

    /// <summary>Per paragraph, for every seventh token masked: the best token and the hidden one.</summary>
    private static (int Best, int Hidden)[][] Fill(GauModel model, string[] lines) =>
        Map(model, lines, (line, workspace, batch) =>
    {
        model.Tokenizer.Encode(Text(line), Encoded, MaxLength);
        int[] ids = Encoded.Ids.ToArray();
        int[] masked = [.. Enumerable.Range(1, ids.Length - 2).Where(i => i % MaskEvery == 3)];
        int[] hidden = [.. masked.Select(i => ids[i])];
        foreach (int i in masked) ids[i] = model.Tokenizer.MaskId;
        batch.Add(ids);
        GauEncoder.Forward(model, batch, workspace);
        float[] logits = new float[masked.Length * model.Config.VocabSize];
        MaskedLmHead.Logits(model, workspace, masked, logits);
        return masked.Select((_, i) =>
        {
            Span<float> row = logits.AsSpan(i * model.Config.VocabSize, model.Config.VocabSize);
            return (row.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(row)), hidden[i]);
        }).ToArray();
    });

    [ThreadStatic]
    private static EncodedText? encoded;

    private static EncodedText Encoded => encoded ??= new EncodedText();

    private static string Text(string line) => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!;

    private static T[] Map<T>(GauModel model, string[] lines, Func<string, GauWorkspace, GauBatch, T> run)
    {
        T[] results = new T[lines.Length];
        Parallel.For(0, lines.Length, () => (new GauWorkspace(model), new GauBatch()), (i, _, state) =>
        {
            state.Item2.Clear();
            results[i] = run(lines[i], state.Item1, state.Item2);
            return state;
        }, state => state.Item1.Dispose());
        return results;
    }

    private static AgreementResult Compare(
        float[][] exact, float[][] quantized, int[] labels, (int Best, int Hidden)[][] exactFill,
        (int Best, int Hidden)[][] quantizedFill)
    {
        static int Best(float[] p) => Array.IndexOf(p, p.Max());
        int texts = exact.Length;
        (int Best, int Hidden)[] a = [.. exactFill.SelectMany(x => x)], b = [.. quantizedFill.SelectMany(x => x)];
        return new AgreementResult(
            texts,
            exact.Zip(quantized).Count(pair => Best(pair.First) == Best(pair.Second)) / (double)texts,
            exact.Zip(quantized).Average(
                pair => pair.First.Zip(pair.Second).Average(p => Math.Abs((double)p.First - p.Second))),
            exact.Zip(labels).Count(pair => Best(pair.First) == pair.Second) / (double)texts,
            quantized.Zip(labels).Count(pair => Best(pair.First) == pair.Second) / (double)texts,
            a.Length,
            a.Zip(b).Count(pair => pair.First.Best == pair.Second.Best) / (double)a.Length,
            a.Count(mask => mask.Best == mask.Hidden) / (double)a.Length,
            b.Count(mask => mask.Best == mask.Hidden) / (double)b.Length);
    }
}
