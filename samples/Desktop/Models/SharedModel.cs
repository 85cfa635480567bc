using GauRuntime.Desktop.Typing;

namespace GauRuntime.Desktop.Models;

/// <summary>A model that the window and jobs use; unloaded when the last of them lets go of it.</summary>
internal sealed class SharedModel
{
    private readonly Lock gate = new();
    private int users = 1;

    /// <param name="model">Taken over.</param>
    /// <param name="path">Its file; null: it is inside the program.</param>
    /// <param name="typing">Taken over.</param>
    public SharedModel(GauModel model, string? path, TypingSession typing) =>
        (Model, Path, Typing) = (model, path, typing);

    public GauModel Model { get; }

    /// <summary>Its file; null: it is inside the program.</summary>
    public string? Path { get; }

    /// <summary>What answers texts that are being typed.</summary>
    public TypingSession Typing { get; }

    /// <summary>Keeps it loaded until what is returned is disposed; null where it is unloaded already.</summary>
    public ModelLease? TryLease()
    {
        lock (gate)
        {
            if (users == 0)
                return null;
            users++;
            return new ModelLease(this);
        }
    }

    /// <summary>One less uses it.</summary>
    public void Release()
    {
        lock (gate)
        {
            if (--users > 0)
                return;
        }
        Typing.Dispose();
        Model.Dispose();
    }
}

/// <summary>The use of a model, to the end of this.</summary>
internal sealed class ModelLease(SharedModel shared) : IDisposable
{
    private bool returned;

    /// <summary>The model that is used.</summary>
    public SharedModel Shared { get; } = shared;

    public GauModel Model => Shared.Model;

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref returned, true))
            Shared.Release();
    }
}
