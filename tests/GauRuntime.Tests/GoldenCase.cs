using System.Text.Json;
using System.Text.Json.Serialization;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests;

/// <summary>
/// A case file of tests/fixtures; expected values by the project's float64 reference (see its README).
/// </summary>
internal sealed record GoldenCase
{
    public string Normalization { get; init; } = "softmax_plus";
    public string Dialect { get; init; } = "port";
    public double Eps { get; init; } = 1e-12;
    public int MinKeys { get; init; } = 1;
    public required JsonElement InputIds { get; init; }
    public required JsonElement TokenTypeIds { get; init; }
    public required JsonElement AttentionMask { get; init; }
    public int[] Positions { get; init; } = [];
    public float[][][] Hidden { get; init; } = [];
    public int[] LogitPositions { get; init; } = [];
    public JsonElement Logits { get; init; }
    public JsonElement Probabilities { get; init; }
    public int[][] Argmax { get; init; } = [];
    public float[][] ArgmaxMargin { get; init; } = [];
    public float[][] StartLogits { get; init; } = [];
    public float[][] EndLogits { get; init; } = [];

    public static GoldenCase Read(string path) =>
        JsonSerializer.Deserialize<GoldenCase>(File.ReadAllBytes(path), Options)!;

    public ModelConfig Apply(ModelConfig config) => config with
    {
        Normalization = Normalization switch
        {
            "softmax_plus" => Weights.ModelFile.Normalization.SoftmaxPlus,
            "softmax" => Weights.ModelFile.Normalization.Softmax,
            _ => Weights.ModelFile.Normalization.SquaredRelu,
        },
        Eps = Eps,
        MaskedLmEps = config.MaskedLmTransform ? 1e-12 : null,   // in every dialect
        MinKeys = MinKeys,
        FirstAlwaysKey = Dialect == "keras",
        Dialect = Dialect == "keras" ? Weights.ModelFile.Dialect.Keras : Weights.ModelFile.Dialect.Port,
    };

    /// <summary>The case's rows as a ragged batch; masked tokens are absent, positions explicit.</summary>
    public GauBatch Batch(ModelConfig config)
    {
        GauBatch batch = new();
        int[][] ids = Rows(InputIds), segments = Rows(TokenTypeIds), mask = Rows(AttentionMask);
        for (int row = 0; row < ids.Length; row++)
        {
            int[] keys = Keys(mask[row], config);
            batch.Add([.. keys.Select(i => ids[row][i])], [.. keys.Select(i => segments[row][i])], keys);
        }
        return batch;
    }

    /// <summary>Index in the batch of a position of a row; −1 where it is masked.</summary>
    public int Token(GauBatch batch, ModelConfig config, int row, int position)
    {
        int index = Array.IndexOf(Keys(Rows(AttentionMask)[row], config), position);
        return index < 0 ? -1 : batch.Start(row) + index;
    }

    /// <summary>[B, n], with a leading [B, C] flattened.</summary>
    public static int[][] Rows(JsonElement array) => array[0][0].ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().SelectMany(Rows)]
        : array.Deserialize<int[][]>()!;

    private static int[] Keys(int[] mask, ModelConfig config) =>
        [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0 || i == 0 && config.FirstAlwaysKey)];

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };
}
