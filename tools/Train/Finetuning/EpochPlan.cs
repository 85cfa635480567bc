using GauRuntime.Train.Numbers;

namespace GauRuntime.Train.Finetuning;

/// <summary>In which order an epoch takes examples, and which of them together.</summary>
internal static class EpochPlan
{
    private const ulong Stream = 2;

    /// <summary>The micro-batches of an epoch: examples in random order, the last batches may be short.</summary>
    /// <remarks>Those of a batch have equally many choices.</remarks>
    /// <param name="examples">All.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <returns>Indices of examples.</returns>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<Example> examples, int batch, ulong seed, int epoch) =>
        Together(examples, Permutation.Of(examples.Count, Seeds.Mix64(seed, Stream, (ulong)epoch)), batch);

    /// <summary>Batches of examples of about the same length, for evaluation: little of them is padding.</summary>
    public static IReadOnlyList<int[]> ByLength(IReadOnlyList<Example> examples, int batch) => Together(
        examples, [.. Enumerable.Range(0, examples.Count).OrderByDescending(i => examples[i].Length)], batch);

    private static List<int[]> Together(IReadOnlyList<Example> examples, int[] order, int batch)
    {
        List<int[]> batches = [];
        Dictionary<int, List<int>> open = [];   // by number of sequences
        foreach (int example in order)
        {
            int sequences = examples[example].Sequences.Length;
            if (!open.TryGetValue(sequences, out List<int>? together))
                open.Add(sequences, together = []);
            together.Add(example);
            if (together.Count < batch)
                continue;
            batches.Add([.. together]);
            together.Clear();
        }
        batches.AddRange(
            from rest in open orderby rest.Key where rest.Value.Count > 0 select rest.Value.ToArray());
        return batches;
    }
}
