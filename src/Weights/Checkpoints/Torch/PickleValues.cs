namespace GauRuntime.Weights.Checkpoints;

// What a pickle can make here: null, bool, long, Int128, double, string, and the types below. Nothing has behaviour.

/// <summary>A class or a function. It stands for itself: nothing is imported.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items)
{
    public static readonly PickleTuple Empty = new([]);
}

/// <summary>A list. Its storage is made when the first item comes, so that empty lists cost little.</summary>
internal sealed class PickleList
{
    private List<object?>? items;

    public IReadOnlyList<object?> Items => (IReadOnlyList<object?>?)items ?? [];

    public void Add(object? item) => (items ??= []).Add(item);
}

/// <summary>A dictionary in the order of insertion; keys are not compared.</summary>
internal sealed class PickleDict
{
    private List<(object? Key, object? Value)>? entries;

    public IReadOnlyList<(object? Key, object? Value)> Entries =>
        (IReadOnlyList<(object? Key, object? Value)>?)entries ?? [];

    public void Add(object? key, object? value) => (entries ??= []).Add((key, value));
}

/// <summary>A harmless value of no use here: bytes, a set, a device.</summary>
internal sealed class PickleOpaque
{
    public static readonly PickleOpaque Value = new();
}

/// <summary>An object of a class that is not known here: nothing of it is made, it is only told of.</summary>
/// <param name="type">The class, or the function that would make it.</param>
internal sealed class PickleObject(PickleGlobal type)
{
    public PickleGlobal Class => type;

    /// <summary>Whether its state is that of a PyTorch module: a model, or a part of one.</summary>
    public bool IsModule { get; set; }
}
