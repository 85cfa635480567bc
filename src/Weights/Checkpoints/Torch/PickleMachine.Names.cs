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
                PushContainer(Mentioned(module, Line()));
                return true;
            case 0x93:                                                                   // STACK_GLOBAL
                object? name = Pop();
                if (Pop() is not string stackModule || name is not string stackName)
                    throw Fault("a global whose name is no string");
                PushContainer(Mentioned(stackModule, stackName));
                return true;
            case (byte)'R' or 0x81:                                                      // REDUCE, NEWOBJ
                object? arguments = Pop();
                Call(Pop(), arguments);
                return true;
            case 0x92:                                                                   // NEWOBJ_EX
                Pop();   // arguments by name
                object? ordered = Pop();
                Call(Pop(), ordered);
                return true;
            case (byte)'Q':                                                              // BINPERSID
                Persistent(Pop());
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

    private readonly PickleGlobal Mentioned(string module, string name)
    {
        // Python 2's name of the module.
        PickleGlobal global = new(module == "__builtin__" ? "builtins" : module, name);
        return TorchGlobals.Runs(global) ? throw Fault($"global {global} refused: it runs programs") : global;
    }

    private void Call(object? callee, object? arguments)
    {
        // An object that is called, or what one would return, is as little known as its class.
        if (callee is PickleObject unknown && arguments is PickleTuple)
        {
            Push(unknown);
            return;
        }
        if (callee is not PickleGlobal made || arguments is not PickleTuple tuple)
            throw Fault("a call of something that is no class");
        object result = TorchGlobals.Make(made, tuple.Items, out string? reason) ?? throw Fault(reason ?? "refused");
        Charge(result switch
        {
            TorchTensor tensor => Tensor + (long)Slot * tensor.Size.Length,
            PickleDict { Entries.Count: > 0 and var count } => FirstItem + 2L * Slot * count,   // a copy
            _ => 0,
        });
        PushContainer(result);
    }

    private void Persistent(object? id)
    {
        // Before 1.6 torch.save wrote the classes of a whole model with their source.
        if (id is PickleTuple { Items: ["module", PickleGlobal type, ..] })
        {
            Push(type);
            return;
        }
        TorchStorage storage = TorchStorage.FromPersistentId(id, out string? wrong) ?? throw Fault(wrong ?? "refused");
        Charge(Box + Entry);
        Storages.TryAdd(storage.Key, storage);
        Push(storage);
    }

    /// <summary>
    /// A state dict carries its <c>_metadata</c> as an attribute. Attributes are dropped; those of an object that is
    /// left out tell whether it is a model.
    /// </summary>
    private readonly void Build(object? state, object? target)
    {
        if (target is PickleObject made)
        {
            // Every module sets it among its first attributes.
            made.IsModule |= state is PickleDict { Entries: var members }
                && members.Take(256).Any(member => member.Key is "_modules");
            return;
        }
        if (target is PickleOpaque)
            return;
        if (target is not PickleDict || state is not PickleDict attributes)
            throw Fault("BUILD of anything but an object's or a dictionary's attributes refused");
        foreach ((object? key, _) in attributes.Entries)
            if (key is not string name || name.StartsWith("__", StringComparison.Ordinal))
                throw Fault($"BUILD of attribute '{key}' refused");
    }
}
