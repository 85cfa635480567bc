using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Runs alone: it takes much memory.</summary>
[CollectionDefinition(nameof(BaseSizeTests), DisableParallelization = true)]
public sealed class BaseSizeCollection;

/// <summary>A checkpoint of the published base size with seeded random weights.</summary>
[Collection(nameof(BaseSizeTests))]
public sealed class BaseSizeTests : IDisposable
{
    private const int V = 12000, H = 768, E = 1536, S = 128, L = 24, Tokens = 128;
    private const long MaxPeakKib = 1 << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ConvertAndScore_BaseSize_StaysUnderOneGibibyte()
    {
        TestLevel.RequireCi();
        WriteCheckpoint();
        string model = folder.Path("base.int8.model");
        (int code, string error, long peak) = Measure(
            $"exec {ChildProcess.Command("gau-convert")} '{folder.Path("")}' -o '{model}'");
        code.Should().Be(0, error);
        peak.Should().BeInRange(40 << 10, MaxPeakKib, "it is known, and bounded");

        string text = string.Concat(Enumerable.Range(0, Tokens - 2).Select(i => (char)(0x4E00 + 7 * i)));
        GauRun run = GauRun.Of(["score", "-", "--format", "txt", "--model", model], text, []);
        run.Code.Should().Be(0, run.Error);
        JsonElement scored = JsonDocument.Parse(run.Lines.Single()).RootElement;
        scored.GetProperty("tokens").GetInt32().Should().Be(Tokens);
        scored.GetProperty("label").GetString().Should().StartWith("LABEL_");
    }

    /// <summary>
    /// Runs a script that becomes one process; its exit code, messages and peak resident memory in KiB (0 where
    /// unknown).
    /// </summary>
    private static (int Code, string Error, long PeakKib) Measure(string script)
    {
        using Process process = ChildProcess.Start(script);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(20))
            peak = Math.Max(peak, PeakKib(process.Id));
        output.Wait();
        return (process.ExitCode, error.Result, peak);
    }

    private static long PeakKib(int process)
    {
        try
        {
            string? peak = Array.Find(
                File.ReadAllLines($"/proc/{process}/status"),
                line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return peak is null ? 0 : long.Parse(peak[6..^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void WriteCheckpoint()
    {
        List<TensorEntry> tensors = [];
        void Add(string name, params long[] shape) => tensors.Add(new TensorEntry(name, ElementType.Float32, shape));
        Add("gau_alpha.embeddings.word_embeddings.weight", V, H);
        Add("gau_alpha.embeddings.token_type_embeddings.weight", 2, H);
        for (int i = 0; i < L; i++)
        {
            string gau = $"gau_alpha.encoder.layer.{i}.gau.";
            Add(gau + "i_dense.weight", 2 * E + S, H);
            Add(gau + "o_dense.weight", H, E);
            Add(gau + "q_scaleoffset.weight", S);
            Add(gau + "k_scaleoffset.weight", S);
        }
        Add("classifier.weight", 2, H);
        Add("classifier.bias", 2);

        using FileStream stream = File.Create(folder.Path("model.safetensors"));
        SafetensorsWriter.WriteHeader(stream, tensors);
        Random random = new(2022);
        float[] block = new float[(1 << 20) - 1];   // no row begins where another does
        foreach (ref float w in block.AsSpan())
            w = (random.NextSingle() + random.NextSingle() - 1) * 0.05f;
        for (long left = tensors.Sum(tensor => tensor.ByteLength); left > 0; left -= block.Length * sizeof(float))
            stream.Write(MemoryMarshal.AsBytes(block.AsSpan())[..(int)Math.Min(left, block.Length * sizeof(float))]);
        File.WriteAllText(folder.Path("config.json"),
            $$"""{"model_type":"gau_alpha","architectures":["GAUAlphaForSequenceClassification"],"summary_type":"first","vocab_size":{{V}},"hidden_size":{{H}},"intermediate_size":{{E}},"attention_key_size":{{S}},"num_hidden_layers":{{L}}}""");
        File.WriteAllLines(folder.Path("vocab.txt"),
            [
                "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
                .. Enumerable.Range(0, V - 5).Select(i => ((char)(0x4E00 + i)).ToString())]);
    }
}
