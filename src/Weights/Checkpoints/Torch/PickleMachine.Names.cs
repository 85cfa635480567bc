namespace GauRuntime.Weights.Checkpoints;

/// <summary>The opcodes with which a pickle names, makes and changes objects: where a hostile one would act.</summary>
internal ref partial struct PickleMachine
{
    private bool Named(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c':
                string module = Line();
                Push(Allowed(module, Line()));
                return true;
            case 0x93:                                                                   // STACK_GLOBAL
                object? name = Pop();
                if (Pop() is not string stackModule || name is not string stackName)
                    throw Fault("a global whose name is no string");
                Push(Allowed(stackModule, stackName));
                return true;
            case (byte)'R' or 0x81:                                                      // REDUCE, NEWOBJ
                object? arguments = Pop();
                if (Pop() is not PickleGlobal made || arguments is not PickleTuple tuple)
                    throw Fault("a call of something that is no allowed global");
                object result = TorchGlobals.Make(made, tuple.Items, out string? reason) ?? throw Fault(reason ?? "refused");
                Charge(result switch
                {
                    TorchTensor tensor => Tensor + (long)Slot * tensor.Size.Length,
                    PickleDict { Entries.Count: > 0 and var count } => FirstItem + 2L * Slot * count,   // a copy
                    _ => 0,
                });
                PushContainer(result);
                return true;
            case (byte)'Q':                                                              // BINPERSID
                TorchStorage storage = TorchStorage.FromPersistentId(Pop(), out string? wrong)
                    ?? throw Fault(wrong ?? "refused");
                Charge(Box + Entry);
                Storages.TryAdd(storage.Key, storage);
                Push(storage);
                return true;
            case (byte)'b':
                Build(Pop(), Top());
                return true;
            case (byte)'i':
                string instModule = Line();
                throw Fault($"INST of global {instModule}.{Line()} refused");
            case (byte)'P':
                throw Fault($"persistent id '{Line()}' as text refused");
            default:
                return false;
        }
    }

    private PickleGlobal Allowed(string module, string name)
    {
        // Python 2's name of the module.
        PickleGlobal global = new(module == "__builtin__" ? "builtins" : module, name);
        return TorchGlobals.IsAllowed(global) ? global : throw Fault($"global {global} refused");
    }

    /// <summary>
    /// A state dict carries its <c>_metadata</c> as an attribute. Attributes are dropped; an object with a state that
    /// is no plain dictionary would need code of its own.
    /// </summary>
    private readonly void Build(object? state, object? target)
    {
        if (target is not PickleDict || state is not PickleDict attributes)
            throw Fault("BUILD of anything but a dictionary's attributes refused");
        foreach ((object? key, _) in attributes.Entries)
            if (key is not string name || name.StartsWith("__", StringComparison.Ordinal))
                throw Fault($"BUILD of attribute '{key}' refused");
    }
}
