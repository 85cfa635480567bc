using System.Globalization;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Finds the tensors in a pickled object and names them: keys and list indices joined by <c>/</c>.</summary>
/// <remarks>
/// Shared and cyclic containers could make a small pickle look endless, so depth, visits and the length of all names
/// together are bounded.
/// </remarks>
internal sealed class TorchNames
{
    private const int MaxDepth = 32, LongestName = 4096;

    private readonly string file;
    private readonly Dictionary<string, TorchTensor> found = new(StringComparer.Ordinal);
    private readonly List<(string Name, TorchTensor Tensor)> ordered = [];
    private long budget;

    private TorchNames(string file, int pickleLength)
    {
        this.file = file;
        budget = 16L * pickleLength + 4096;
    }

    /// <summary>The tensors in the order of the pickle; entries that are no tensors are skipped.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="root">The pickled object. A tensor by itself is called <c>tensor</c>.</param>
    /// <param name="pickleLength">Bytes of the pickle, which bound the work.</param>
    public static IReadOnlyList<(string Name, TorchTensor Tensor)> Collect(string file, object? root, int pickleLength)
    {
        TorchNames names = new(file, pickleLength);
        if (root is TorchTensor) names.Visit("tensor", root, 0);
        else names.Visit("", root, 0);
        return names.ordered;
    }

    private void Visit(string name, object? value, int depth)
    {
        budget -= 1 + name.Length;
        if (budget < 0) throw new GauFormatException(file, "pickle", "its containers repeat one another too often");
        switch (value)
        {
            case TorchTensor tensor:
                if (!found.TryAdd(name, tensor))
                    throw new GauFormatException(file, $"tensor '{name}'", "the name occurs twice");
                ordered.Add((name, tensor));
                return;
            case PickleDict dict:
                foreach ((object? key, object? item) in dict.Entries)
                    if (KeyText(key) is { } text) Descend(name, text, item, depth);
                return;
            case PickleList { Items: var items }:
                Descend(name, items, depth);
                return;
            case PickleTuple { Items: var items }:
                Descend(name, items, depth);
                return;
        }
    }

    private void Descend(string name, IReadOnlyList<object?> items, int depth)
    {
        for (int i = 0; i < items.Count; i++)
            Descend(name, i.ToString(CultureInfo.InvariantCulture), items[i], depth);
    }

    private void Descend(string parent, string key, object? item, int depth)
    {
        budget--;
        if (item is not (TorchTensor or PickleDict or PickleList or PickleTuple)) return;
        if (depth == MaxDepth)
            throw new GauFormatException(file, "pickle", $"containers nested deeper than {MaxDepth}");
        if (parent.Length + key.Length >= LongestName)
            throw new GauFormatException(file, "pickle", $"a tensor's name is longer than {LongestName} characters");
        Visit(depth == 0 ? key : $"{parent}/{key}", item, depth + 1);
    }

    private static string? KeyText(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
