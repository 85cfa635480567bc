using System.Text;
using GauRuntime.Answers;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.LibGau;

/// <summary>A model, its labels in UTF-8, and how many calls are at it.</summary>
internal sealed class LoadedModel(GauModel model)
{
    private const string DefaultResource = "default-model";   // loaded so that no call waits for another

    private readonly Lock userLock = new();
    private readonly byte[][] labels = [.. model.Head.Labels.Select(Encoding.UTF8.GetBytes)];
    private readonly AnswerHead? own = AnswerHead.Of(model);
    private readonly string? noScores = ScoreHead.Fault(model.Head);
    private readonly ScoreHead scores = new(model, raw: false), logits = new(model, raw: true);
    private int users = 1; // the handle, and every call

    public GauModel Model { get; } = model;

    public int LabelCount => labels.Length;

    /// <summary>Loads a model file, or the model inside the library.</summary>
    public static LoadedModel Load(string? path)
    {
        if (path is not null)
            return new LoadedModel(GauModel.Load(path, int.MaxValue));
        if (typeof(LoadedModel).Assembly.GetManifestResourceStream(DefaultResource) is UnmanagedMemoryStream embedded)
            return new LoadedModel(GauModel.Load(embedded, DefaultResource, int.MaxValue));
        throw Status.Usage("this build of libgau holds no model");
    }

    public ReadOnlySpan<byte> Label(nuint index) => index < (nuint)labels.Length
        ? labels[index]
        : throw Status.Usage($"there are {labels.Length} labels, and none of index {index}");

    /// <summary>The model's own head.</summary>
    /// <param name="function">The function that needs it.</param>
    /// <param name="purpose">What for.</param>
    public T Head<T>(string function, string purpose)
        where T : AnswerHead =>
        own as T ?? throw Status.Usage(
            $"the model's head is {JsonName.Of(Model.Head.Kind)}; {function} is for {purpose}");

    /// <summary>The labels that entities may have; none where the model's head is another.</summary>
    public IReadOnlyList<string> EntityLabels => (own as EntityHead)?.Scheme.Kinds ?? [];

    /// <summary>What scores pairs.</summary>
    /// <param name="raw">Whether scores are logits.</param>
    public ScoreHead Scores(bool raw) => noScores is null ? raw ? logits : scores : throw Status.Usage(noScores);

    /// <summary>Numbers of a vector.</summary>
    public int VectorSize { get; } = model.Embedding?.Width(model.Config.HiddenSize) ?? model.Config.HiddenSize;

    /// <summary>What makes vectors.</summary>
    public VectorHeads Vectors { get; } = new(model);

    /// <summary>Counts a call. Only while it is in the table.</summary>
    public void Enter()
    {
        lock (userLock)
            users++;
    }

    /// <summary>The last one to leave gives the memory back.</summary>
    public void Leave()
    {
        lock (userLock)
        {
            if (--users > 0)
                return;
        }
        Model.Dispose();
    }
}
