using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Typing;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Desktop.Models;

/// <summary>The model in use, and those that jobs still need.</summary>
/// <remarks>Thread-safe. Another model takes its place only when it is loaded and sound.</remarks>
internal sealed class ModelShelf : IDisposable
{
    private const string DefaultResource = "default-model", DefaultName = "gau-legal";

    private readonly Lock gate = new();
    private SharedModel current;

    /// <param name="path">The first model; null: the one inside the program.</param>
    /// <exception cref="GauFormatException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ModelShelf(string? path) => current = Load(path);

    /// <summary>The model in use, until what is returned is disposed.</summary>
    public ModelLease Take()
    {
        lock (gate)
            return current.TryLease() ?? throw new ObjectDisposedException(nameof(ModelShelf));
    }

    /// <summary>A certain model: the one in use if that is it, or else it is loaded for this use.</summary>
    /// <param name="path">Its file; null: the one inside the program.</param>
    public ModelLease Take(string? path)
    {
        lock (gate)
        {
            if (current.Path == path && current.TryLease() is { } lease)
                return lease;
        }
        SharedModel loaded = Load(path);
        ModelLease own = loaded.TryLease()!;
        loaded.Release();   // the lease alone keeps it
        return own;
    }

    /// <summary>Uses another model from now on. What works with the one before goes on with that.</summary>
    /// <param name="path">Its file; null: the one inside the program.</param>
    public void Switch(string? path)
    {
        SharedModel next = Load(path), before;
        lock (gate)
            (before, current) = (current, next);
        before.Release();
    }

    public void Dispose() => current.Release();

    /// <summary>What the window shows of a model.</summary>
    public static ModelAnswer Describe(SharedModel shared)
    {
        GauModel model = shared.Model;
        string head = (model.Head.Kind, model.Head.ProblemType) switch
        {
            (HeadKind.SequenceClassification, ProblemType.Regression) => "value",
            (HeadKind.SequenceClassification, ProblemType.MultiLabel) => "several",
            (HeadKind.SequenceClassification, _) => "labels",
            (HeadKind.TokenClassification, _) => "entities",
            (HeadKind.MultipleChoice, _) => "choices",
            (HeadKind.QuestionAnswering, _) => "answers",
            _ => "none",
        };
        return new ModelAnswer(
            shared.Path, shared.Path is { } path ? Path.GetFileName(path) : DefaultName, head, model.Head.Labels,
            model.Config.LayerCount, model.Config.HeadCount, model.UsualMaxTokens, model.Config.HasMaskedLm,
            model.Head.Kind == HeadKind.SequenceClassification);
    }

    private static SharedModel Load(string? path)
    {
        if (Directory.Exists(path))
            throw new ToolException(
                ExitCode.InputMissing,
                $"{Printable.OneLine(path)}: a folder is no model file; the window converts checkpoints, and so does "
                + "gau-convert", path);
        GauModel model = path is null ? LoadDefault() : GauModel.Load(path);
        return new SharedModel(model, path, new TypingSession(model));
    }

    private static GauModel LoadDefault() =>
        typeof(ModelShelf).Assembly.GetManifestResourceStream(DefaultResource) is UnmanagedMemoryStream embedded
            ? GauModel.Load(embedded, DefaultResource)
            : throw new ToolException(ExitCode.Usage, "this build holds no model; name one with --model");
}
