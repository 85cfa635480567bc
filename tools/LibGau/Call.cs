namespace GauRuntime.LibGau;

/// <summary>A call of a function about a model: keeps the model, and a session where it computes.</summary>
internal ref struct Call : IDisposable
{
    private Session? session;

    /// <summary>Begins it.</summary>
    public Call(ulong model) => Model = ModelTable.Enter(model);

    public LoadedModel Model { get; }

    /// <summary>The call's own.</summary>
    public Session Session => session ??= Model.Rent();

    public void Dispose()
    {
        if (session is not null) Model.Return(session);
        Model.Leave();
    }
}
