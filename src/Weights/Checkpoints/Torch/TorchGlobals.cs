namespace GauRuntime.Weights.Checkpoints;

/// <summary>The plain value that each call in a torch pickle stands for.</summary>
internal static class TorchGlobals
{
    /// <summary>Modules whose functions run programs or load more of them: no checkpoint has a use for one.</summary>
    private static readonly HashSet<string> Modules = new(StringComparer.Ordinal)
    {
        "os", "posix", "nt", "subprocess", "sys", "runpy", "importlib", "pty", "shutil", "socket", "ctypes",
        "webbrowser", "marshal", "pickle", "_pickle", "cPickle",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "builtins.eval", "builtins.exec", "builtins.execfile", "builtins.compile", "builtins.open", "builtins.file",
        "builtins.input", "builtins.raw_input", "builtins.breakpoint", "builtins.globals", "builtins.locals",
        "builtins.vars", "builtins.setattr", "builtins.delattr", "builtins.apply", "builtins.reload", "builtins.map",
        "builtins.filter", "builtins.exit", "builtins.quit", "io.open", "_io.open", "types.CodeType",
        "types.FunctionType", "torch.load", "torch.storage._load_from_bytes", "torch.hub.load", "torch.jit.load",
        "numpy.load", "operator.attrgetter", "operator.methodcaller",
    };

    /// <summary>Of Python's own classes, those of plain values.</summary>
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "list", "tuple", "set", "frozenset", "bytes", "bytearray", "str", "unicode", "int", "long", "float", "complex",
        "bool", "range", "xrange", "slice",
    };

    /// <summary>Whether a name is one that only who wants something executed would mention.</summary>
    public static bool Runs(PickleGlobal global) =>
        global.Module.Length == 0 || global.Name.Length == 0
        || Modules.Contains(global.Module.Split('.', 2)[0]) || Functions.Contains(global.ToString())
        || global.Name.Split('.').Any(part => part.StartsWith("__", StringComparison.Ordinal)
            && part is not ("__newobj__" or "__newobj_ex__"));

    /// <summary>The value of <c>global(*arguments)</c>, or null and the reason why not.</summary>
    public static object? Make(PickleGlobal global, object?[] arguments, out string? reason)
    {
        reason = null;
        switch (global.ToString())
        {
            case "torch._utils._rebuild_tensor":
            case "torch._utils._rebuild_tensor_v2":
            case "torch._utils._rebuild_qtensor":
                return TorchTensor.Create(arguments, dtype: null, out reason);
            case "torch._utils._rebuild_tensor_v3" when arguments.Length >= 7 && arguments[6] is PickleGlobal dtype:
                return TorchTensor.Create(arguments, dtype, out reason);
            case "torch._utils._rebuild_parameter":
            case "torch._utils._rebuild_parameter_with_state":
                if (arguments.Length > 0 && arguments[0] is TorchTensor tensor)
                    return tensor;
                break;
            // A tensor with attributes of its own: a function, the class of its result, the function's arguments.
            case "torch._tensor._rebuild_from_type_v2" when arguments is
                [PickleGlobal function, PickleGlobal { Module: "torch" or "torch.nn.parameter" }, PickleTuple inner, ..]
                && function != global:
                return Make(function, inner.Items, out reason);
            case "torch.Size" when arguments is [PickleTuple or PickleList]:
                return arguments[0];
            case "collections.OrderedDict" or "collections.Counter" or "builtins.dict":
                if (DictOf(arguments) is { } dict)
                    return dict;
                break;
            case "collections.defaultdict":
                return new PickleDict();
            case "builtins.list" when arguments.Length == 0:
                return new PickleList();
            case "builtins.list" or "builtins.tuple" when arguments is [PickleTuple or PickleList]:
                return arguments[0];
            // A class inside of another one, a member of an Enum, or what makes an object of a class.
            case "builtins.getattr" when arguments is [PickleGlobal outer, string member]:
                PickleGlobal nested = member == "__new__" ? outer : new(outer.Module, $"{outer.Name}.{member}");
                if (!Runs(nested))
                    return nested;
                break;
            case "builtins.getattr":
                break;
            case "_codecs.encode" or "torch.device":
                return PickleOpaque.Value;
            case { } name when name.StartsWith("torch._utils._rebuild_tensor", StringComparison.Ordinal)
                || name.StartsWith("torch._utils._rebuild_parameter", StringComparison.Ordinal):
                break;
            default:
                // What makes an object of a class names it first: NumPy's arrays, and objects of Python 2.
                if (global.Module == "builtins" && Plain.Contains(global.Name))
                    return PickleOpaque.Value;
                bool isMaker = global.Name is "_reconstruct" or "_reconstructor" or "__newobj__" or "__newobj_ex__";
                return new PickleObject(isMaker && arguments is [PickleGlobal type, ..] ? type : global);
        }
        reason = $"a call of {global} with unusual arguments refused";
        return null;
    }

    /// <summary>A dictionary of nothing, of another one, or (Python 2) of a list of pairs.</summary>
    private static PickleDict? DictOf(object?[] arguments)
    {
        PickleDict dict = new();
        if (arguments is [])
            return dict;
        if (arguments is [PickleDict other])
        {
            foreach ((object? key, object? value) in other.Entries)
                dict.Add(key, value);
            return dict;
        }
        if (arguments is not [PickleList pairs])
            return null;
        foreach (object? pair in pairs.Items)
        {
            IReadOnlyList<object?>? two = pair is PickleList list ? list.Items : (pair as PickleTuple)?.Items;
            if (two is not { Count: 2 })
                return null;
            dict.Add(two[0], two[1]);
        }
        return dict;
    }
}
