using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GauRuntime.Convert.Tests;

/// <summary>Runs alone: it measures time and memory.</summary>
[CollectionDefinition(nameof(BaseSizeTests), DisableParallelization = true)]
public sealed class BaseSizeCollection;

/// <summary>A checkpoint of the published size with seeded random weights.</summary>
[Collection(nameof(BaseSizeTests))]
public sealed class BaseSizeTests
{
    private const int H = 768, E = 1536, S = 128, V = 12000;
#if DEBUG
    // Unoptimized code says nothing about time: fewer layers, the same path.
    private const int L = 4;
#else
    private const int L = 24;
#endif
    private const long MaxPeakKib = 1 << 20;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Convert_BaseSize_TakesUnder30SecondsAndOneGibibyte()
    {
        using TempFolder folder = new();
        WriteCheckpoint(folder);
        Stopwatch watch = Stopwatch.StartNew();
        string program = Path.Combine(AppContext.BaseDirectory, "gau-convert.dll");
        using Process process =
            Process.Start(new ProcessStartInfo("dotnet", [program, folder.Path, "-o", folder.File("m")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        long peak = 0;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.WaitForExit(50)) peak = Math.Max(peak, PeakKib(process.Id));
        process.ExitCode.Should().Be(0, await messages);
        (await output).Should().Contain($"{1 + 2 * L} matrices");
        watch.Elapsed.Should().BeLessThan(MaxTime);
        peak.Should().BeLessThan(MaxPeakKib);
    }

    /// <summary>Peak resident memory; 0 where the system does not tell.</summary>
    private static long PeakKib(int process)
    {
        try
        {
            string[] lines = File.ReadAllLines($"/proc/{process}/status");
            string? peak = Array.Find(lines, line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return peak is null ? 0 : long.Parse(peak[6..^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void WriteCheckpoint(TempFolder folder)
    {
        List<(string Name, long[] Shape)> tensors =
        [
            ("gau_alpha.embeddings.word_embeddings.weight", [V, H]),
            ("gau_alpha.embeddings.token_type_embeddings.weight", [2, H]),
        ];
        for (int i = 0; i < L; i++)
        {
            string gau = $"gau_alpha.encoder.layer.{i}.gau.";
            tensors.AddRange([(gau + "i_dense.weight", [2 * E + S, H]), (gau + "o_dense.weight", [H, E]),
                (gau + "q_scaleoffset.weight", [S]), (gau + "k_scaleoffset.weight", [S])]);
        }
        Dictionary<string, object> header = [];
        long offset = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long end = offset + shape.Aggregate(4L, (a, b) => a * b);
            header.Add(name, new { dtype = "F32", shape, data_offsets = new[] { offset, end } });
            offset = end;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        using (FileStream file = File.Create(folder.File("model.safetensors")))
        {
            file.Write(length);
            file.Write(json);
            WriteWeights(file, offset);
        }
        folder.Write("config.json",
            $$"""{"model_type":"gau_alpha","vocab_size":{{V}},"hidden_size":{{H}},"intermediate_size":{{E}},"attention_key_size":{{S}},"num_hidden_layers":{{L}}}""");
        StringBuilder vocabulary = new("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        for (int i = 5; i < V; i++) vocabulary.Append('t').Append(i).Append('\n');
        folder.Write("vocab.txt", vocabulary.ToString());
    }

    private static void WriteWeights(FileStream file, long bytes)
    {
        Random random = new(2022);
        float[] block = new float[1 << 16];
        for (long left = bytes; left > 0; left -= block.Length * sizeof(float))
        {
            for (int i = 0; i < block.Length; i++) block[i] = (random.NextSingle() + random.NextSingle() - 1) * 0.05f;
            file.Write(MemoryMarshal.AsBytes(block.AsSpan())[..(int)Math.Min(left, block.Length * sizeof(float))]);
        }
    }
}
