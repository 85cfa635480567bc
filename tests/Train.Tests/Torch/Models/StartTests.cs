using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>
/// The first loss of new models on masked random tokens, against tests/fixtures/training/init.json (the project's
/// reference with other random numbers, so within 0.3).
/// </summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("gau_alpha_base", 24, 768, 1536, 128, 12_000)]
    [InlineData("gau_legal", 8, 256, 512, 64, 3599)]
    public void MaskedLm_OfANewModel_StartsWhereTheReferenceDoes(string name, int layers, int h, int e, int s, int v)
    {
        const int texts = 8, n = 128, mask = 103;
        JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("training", "init.json"))).RootElement
            .GetProperty("start").GetProperty(name).GetProperty("loss");
        ModelDescription description = RandomModel.Describe("base");
        using TrainableModel model = TrainableModel.Create(
            description with
            {
                Config = description.Config with
                {
                    LayerCount = layers, HiddenSize = h, IntermediateSize = e, KeySize = s, VocabSize = v,
                },
            },
            seed: 1, CPU, ScalarType.Float32);
        Random random = new(1);
        int[][] source = new int[texts][];
        string[] kinds = ["mask", "keep", "random"];
        Dictionary<string, long[]> targets = kinds.ToDictionary(kind => kind, _ => new long[texts * n]);
        for (int i = 0; i < texts; i++)
        {
            source[i] = new int[n];
            for (int j = 0; j < n; j++)
            {
                int id = random.Next(200, v);
                double action = random.NextDouble();
                string? kind = action < 0.12 ? "mask" : action < 0.135 ? "keep" : action < 0.15 ? "random" : null;
                source[i][j] = kind == "mask" ? mask : kind == "random" ? random.Next(1, v) : id;
                if (kind is not null)
                    targets[kind][i * n + j] = id;
            }
        }
        using DisposeScope scope = NewDisposeScope();
        using IDisposable evaluation = no_grad();
        using TokenBatch batch = new(source, null, CPU);
        Tensor hidden = model.Encode(batch, DropoutRates.None);
        double Loss(IEnumerable<long> values) => Losses.MaskedLm(
            model, hidden, tensor(values.ToArray()).reshape(texts, n), DropoutRates.None).Loss.item<float>();
        foreach (string kind in kinds)
            Loss(targets[kind]).Should().BeApproximately(golden.GetProperty(kind).GetDouble(), 0.3, kind);
        Loss(Enumerable.Range(0, texts * n).Select(i => kinds.Sum(kind => targets[kind][i]))).Should()
            .BeApproximately(golden.GetProperty("all").GetDouble(), 0.3);
    }
}
