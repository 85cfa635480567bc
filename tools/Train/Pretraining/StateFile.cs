using System.Runtime.InteropServices;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Pretraining;

/// <summary>A run between two updates, in one safetensors file: <c>w.NAME</c>, <c>m.NAME</c>, <c>v.NAME</c>.</summary>
/// <remarks>Its metadata hold the plan, the progress and the curve so far.</remarks>
internal sealed class StateFile : IDisposable
{
    private const string PlanKey = "gau.train.plan", ProgressKey = "gau.train.progress", CurveKey = "gau.train.curve";
    private const int BufferSize = 1 << 20;

    private readonly SafetensorsFile file;

    private StateFile(SafetensorsFile file) => this.file = file;

    /// <summary>The plan as JSON, whatever its version.</summary>
    public string Plan => Value(PlanKey);

    /// <summary>How far the run was.</summary>
    public TrainingProgress Progress => PlanJson.Read<TrainingProgress>(file.Path, ProgressKey, Value(ProgressKey));

    /// <summary>The curve up to there.</summary>
    public List<CurvePoint> Curve => TrainingCurve.Parse(file.Path, Value(CurveKey));

    /// <summary>Opens a file.</summary>
    /// <exception cref="GauFormatException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static StateFile Open(string path) => new(SafetensorsFile.Open(path));

    /// <summary>Writes the state of a run in the place of an earlier one, which stays until it is complete.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="plan">The plan, its updates known.</param>
    /// <param name="progress">How far the run is.</param>
    /// <param name="curve">The curve so far.</param>
    /// <param name="model">The weights.</param>
    /// <param name="optimizer">Its state.</param>
    /// <exception cref="ToolException">A weight is not finite.</exception>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public static void Write(
        string path, PretrainPlan plan, TrainingProgress progress, IEnumerable<CurvePoint> curve, TrainableModel model,
        Optimizer optimizer)
    {
        (string Name, Tensor Value)[] tensors = [.. Tensors(model, optimizer)];
        if (!tensors.All(tensor => IsFinite(tensor.Value)))
            throw LossHistory.Exploded(progress.Updates, "a weight is no number");
        using AtomicFile file = new(path, BufferSize);
        SafetensorsWriter.WriteHeader(
            file.Stream, [.. tensors.Select(tensor => Entry(tensor.Name, tensor.Value))],
            new Dictionary<string, string>
            {
                [PlanKey] = PlanJson.Of(plan),
                [ProgressKey] = PlanJson.Of(progress),
                [CurveKey] = TrainingCurve.ToCsv(curve),
            });
        foreach ((_, Tensor value) in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            file.Stream.Write(value.detach().cpu().contiguous().bytes);
        }
        file.Commit(replace: true);
    }

    /// <summary>Fills weights and optimizer.</summary>
    /// <exception cref="GauFormatException">The file has other tensors.</exception>
    public void Restore(TrainableModel model, Optimizer optimizer)
    {
        using IDisposable off = no_grad();
        int expected = Tensors(model, optimizer).Count();
        if (file.Tensors.Count != expected)
            throw new GauFormatException(
                file.Path, "tensors", $"there are {file.Tensors.Count} and {expected} belong to the model");
        foreach (Parameter parameter in model.Parameters)
            Fill(WeightName(parameter), parameter.Value);
        optimizer.Restore(Progress.Updates, Fill);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static IEnumerable<(string Name, Tensor Value)> Tensors(TrainableModel model, Optimizer optimizer) =>
        [.. model.Parameters.Select(one => (WeightName(one), one.Value)), .. optimizer.State];

    private static string WeightName(Parameter parameter) => "w." + parameter.Name;

    private static TensorEntry Entry(string name, Tensor value) => new(name, ElementType.Float32, value.shape);

    private static bool IsFinite(Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable off = no_grad();
        // Finite where 0 times the sum is 0: a sum of finite numbers that overflows is no state to keep either.
        return double.IsFinite(value.sum(ScalarType.Float64).ToDouble());
    }

    private void Fill(string name, Tensor value)
    {
        TensorEntry expected = Entry(name, value);
        if (file.Find(name) is not { } found || found.Type != expected.Type || found.ShapeText != expected.ShapeText)
            throw new GauFormatException(
                file.Path, $"tensor '{name}'", $"it is missing, or not of float32 {expected.ShapeText}");
        using DisposeScope scope = NewDisposeScope();
        byte[] bytes = new byte[found.ByteLength];
        file.Read(found, bytes);
        value.copy_(tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).reshape(value.shape));
    }

    private string Value(string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new GauFormatException(file.Path, key, "missing: this is no state of a training");
}
