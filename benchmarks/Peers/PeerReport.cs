namespace GauRuntime.Benchmarks.Peers;

/// <summary>A report that is asked for by name; its files are called so.</summary>
/// <param name="Name">For <c>--report</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Options">The options that the name stands for; those given beside it win.</param>
internal sealed record PeerReport(string Name, string Title, string Options)
{
    /// <summary>What is measured unless something else is asked for; README shows a part.</summary>
    public static PeerReport Peers { get; } = new(
        "peers", "GAU-α base beside its peers",
        "--engines gau:,roformer:,bert:ours-int8,bert:ours-f32,bert:ort-int8,bert:ort-f32");

    /// <summary>The encoders that GAU-α's authors compare it with, in this runtime.</summary>
    public static PeerReport Authors { get; } = new(
        "authors", "The encoders of the authors' comparison, base, in this runtime",
        "--engines bert:ours-int8,bert:ours-f32,roformer-v1:ours-int8,roformer-v1:ours-f32,"
        + "roformer:ours-int8,roformer:ours-f32,gau:ours-int8,gau:ours-f32 "
        + "--lengths 128,256,512,1024,1536,2048 --batch 1 --parts grid,memory");

    public static IReadOnlyList<PeerReport> All { get; } =
    [
        Peers,
        new("family", "BERT and RoFormer base beside their peers",
            "--engines bert:,roformer-v1: --lengths 128,512 --batch 1 --parts grid"),
        Authors,
        new("embedding", "Embedding with BERT base beside its peers", "--engines bert: --parts job"),
    ];

    /// <summary>The report of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PeerReport Named(string name) =>
        All.FirstOrDefault(report => report.Name == name) ?? throw new ArgumentException(
            $"--report {name}: there are {string.Join(", ", All.Select(report => report.Name))}");
}
