using System.Globalization;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Finds the tensors in a pickled object and names them: keys and list indices joined by <c>/</c>.</summary>
/// <remarks>
/// Shared and cyclic containers could make a small pickle look endless, so depth, visits and the length of all names
/// together are bounded.
/// </remarks>
internal sealed class TorchNames
{
    private const int MaxDepth = 32, LongestName = 4096, MaxLeftOut = 1000;

    private readonly string file;
    private readonly Dictionary<string, TorchTensor> found = new(StringComparer.Ordinal);
    private readonly List<(string Name, TorchTensor Tensor)> ordered = [];
    private readonly List<string> leftOut = [];
    private int unnamed;   // of what is left out
    private PickleObject? module;
    private long budget;

    private TorchNames(string file, int pickleLength)
    {
        this.file = file;
        budget = 16L * pickleLength + 4096;
    }

    /// <summary>The tensors in the order of the pickle; plain values are skipped, objects of classes named.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="root">The pickled object. A tensor by itself is called <c>tensor</c>.</param>
    /// <param name="pickleLength">Bytes of the pickle, which bound the work.</param>
    /// <exception cref="GauFormatException">It is a whole model, or an object of another class.</exception>
    public static TorchContent Collect(string file, object? root, int pickleLength)
    {
        TorchNames names = new(file, pickleLength);
        if (root is TorchTensor)
            names.Visit("tensor", root, 0);
        else if (root is PickleGlobal global)
            throw new GauFormatException(file, "pickle", $"the name {global} alone");
        else
            names.Visit("", root, 0);
        if (names.ordered.Count == 0 && (names.module ?? root as PickleObject) is { } made)
            throw new GauFormatException(file, "pickle", made.IsModule
                ? $"a whole model that torch.save wrote as an object of class {made.Class}, whose code is never run: "
                    + "save its weights alone, torch.save(model.state_dict(), …)"
                : $"an object of class {made.Class}, and no weights");
        if (names.unnamed > 0)
            names.leftOut.Add($"{names.unnamed} other objects");
        return new TorchContent(names.ordered, names.leftOut);
    }

    private void Visit(string name, object? value, int depth)
    {
        budget -= 1 + name.Length;
        if (budget < 0)
            throw new GauFormatException(file, "pickle", "its containers repeat one another too often");
        switch (value)
        {
            case TorchTensor tensor:
                if (!found.TryAdd(name, tensor))
                    throw new GauFormatException(file, $"tensor '{name}'", "the name occurs twice");
                ordered.Add((name, tensor));
                return;
            case PickleDict dict:
                int place = 0;
                foreach ((object? key, object? item) in dict.Entries)
                    Descend(name, KeyText(key, place++), item, depth);
                return;
            case PickleList { Items: var items }:
                Descend(name, items, depth);
                return;
            case PickleTuple { Items: var items }:
                Descend(name, items, depth);
                return;
            case PickleObject made:
                if (made.IsModule)
                    module ??= made;
                LeaveOut(name, made.Class);
                return;
            case PickleGlobal { Module: not ("torch" or "builtins") } global:   // a class, a member of an Enum
                LeaveOut(name, global);
                return;
        }
    }

    private void LeaveOut(string name, PickleGlobal type)
    {
        string shown = $"{name} ({type})";
        budget -= shown.Length;
        leftOut.Add(shown);
    }

    private void Descend(string name, IReadOnlyList<object?> items, int depth)
    {
        for (int i = 0; i < items.Count; i++)
            Descend(name, i.ToString(CultureInfo.InvariantCulture), items[i], depth);
    }

    private void Descend(string parent, string key, object? item, int depth)
    {
        budget--;
        if (item is not (TorchTensor or PickleDict or PickleList or PickleTuple or PickleObject or PickleGlobal))
            return;
        if (leftOut.Count == MaxLeftOut && item is (PickleObject or PickleGlobal))
        {
            unnamed++;
            return;
        }
        if (depth == MaxDepth)
            throw new GauFormatException(file, "pickle", $"containers nested deeper than {MaxDepth}");
        if (parent.Length + key.Length >= LongestName)
            throw new GauFormatException(file, "pickle", $"a tensor's name is longer than {LongestName} characters");
        Visit(depth == 0 ? key : $"{parent}/{key}", item, depth + 1);
    }

    /// <summary>A key as a part of a name; one that is neither text nor number is told by its place, from 0.</summary>
    private static string KeyText(object? key, int place) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"#{place}"),
    };
}
