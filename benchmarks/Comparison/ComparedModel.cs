namespace GauRuntime.Benchmarks.Comparison;

/// <summary>An encoder of the comparison.</summary>
/// <param name="Name">The name of its folders and rows.</param>
/// <param name="Title">What readers call it.</param>
/// <param name="Options">The options of <c>gau-train pretrain</c> that make it.</param>
internal sealed record ComparedModel(string Name, string Title, string[] Options)
{
    /// <summary>
    /// All of them: 256 wide, with 3.28 million weights in the layers. BERT and RoFormer have biases and norms besides,
    /// BERT positions.
    /// </summary>
    /// <remarks>
    /// 8 gated attention units of 256 · (2 · 512 + 64) + 256 · 512 weights, as many as 4 layers of
    /// 4 · 256² + 2 · 256 · 1088. The authors trained RoFormerV2 with a warm-up and GAU-α without: RoFormerV2 is here
    /// with both.
    /// </remarks>
    public static IReadOnlyList<ComparedModel> All { get; } =
    [
        new("gau-alpha", "GAU-α",
        [
            "--architecture", "gau_alpha", "--layers", "8", "--hidden", "256", "--intermediate", "512",
            "--key-size", "64",
        ]),
        new("roformer-v2", "RoFormerV2", [.. Transformer("roformer_v2")]),
        new("roformer-v2-warmup", "RoFormerV2, with its warm-up",
            [.. Transformer("roformer_v2"), "--schedule", "roformer-v2"]),
        new("roformer", "RoFormer", [.. Transformer("roformer")]),
        new("bert", "BERT", [.. Transformer("bert")]),
    ];

    private static string[] Transformer(string architecture) =>
        ["--architecture", architecture, "--layers", "4", "--hidden", "256", "--intermediate", "1088", "--heads", "4"];
}
