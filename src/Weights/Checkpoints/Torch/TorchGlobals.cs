namespace GauRuntime.Weights.Checkpoints;

/// <summary>The names a torch pickle may mention, and the plain value each call of one stands for.</summary>
internal static class TorchGlobals
{
    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
        "builtins.dict", "builtins.list", "builtins.set", "builtins.frozenset", "builtins.bytearray",
        "builtins.complex", "builtins.int", "builtins.float",
        "_codecs.encode", "torch.Size", "torch.device",
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
    };

    /// <summary>Whether a pickle may mention the name.</summary>
    public static bool IsAllowed(PickleGlobal global) =>
        Containers.Contains(global.ToString())
        || TorchTypes.TryStorage(global, out _)
        || TorchTypes.TryDtype(global, out _);

    /// <summary>The value of <c>global(*arguments)</c>, or null and the reason why not.</summary>
    public static object? Make(PickleGlobal global, object?[] arguments, out string? reason)
    {
        reason = null;
        switch (global.ToString())
        {
            case "torch._utils._rebuild_tensor":
            case "torch._utils._rebuild_tensor_v2":
                return TorchTensor.Create(arguments, dtype: null, out reason);
            case "torch._utils._rebuild_tensor_v3" when arguments.Length >= 7 && arguments[6] is PickleGlobal dtype:
                return TorchTensor.Create(arguments, dtype, out reason);
            case "torch._utils._rebuild_parameter":
            case "torch._utils._rebuild_parameter_with_state":
                if (arguments.Length > 0 && arguments[0] is TorchTensor tensor) return tensor;
                break;
            case "torch.Size" when arguments is [PickleTuple or PickleList]:
                return arguments[0];
            case "collections.OrderedDict" or "collections.Counter" or "builtins.dict":
                if (DictOf(arguments) is { } dict) return dict;
                break;
            case "collections.defaultdict":
                return new PickleDict();
            case "builtins.list" when arguments.Length == 0:
                return new PickleList();
            case "builtins.set" or "builtins.frozenset" or "builtins.bytearray" or "builtins.complex":
            case "_codecs.encode" or "torch.device":
                return PickleOpaque.Value;
        }
        reason = $"a call of {global} with unusual arguments refused";
        return null;
    }

    /// <summary>A dictionary of nothing, of another one, or (Python 2) of a list of pairs.</summary>
    private static PickleDict? DictOf(object?[] arguments)
    {
        PickleDict dict = new();
        if (arguments is []) return dict;
        if (arguments is [PickleDict other])
        {
            foreach ((object? key, object? value) in other.Entries) dict.Add(key, value);
            return dict;
        }
        if (arguments is not [PickleList pairs]) return null;
        foreach (object? pair in pairs.Items)
        {
            IReadOnlyList<object?>? two = pair is PickleList list ? list.Items : (pair as PickleTuple)?.Items;
            if (two is not { Count: 2 }) return null;
            dict.Add(two[0], two[1]);
        }
        return dict;
    }
}
