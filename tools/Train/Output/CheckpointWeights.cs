using System.Runtime.InteropServices;
using GauRuntime.Convert.Names;
using GauRuntime.Heads;
using GauRuntime.Tools;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>
/// Writes <c>model.safetensors</c>: all tensors in single precision, under the names of the PyTorch ports.
/// </summary>
internal static class CheckpointWeights
{
    public const string Name = "model.safetensors";

    /// <summary>Writes the file, one tensor at a time.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="model">What the tensors are of.</param>
    /// <param name="weights">A tensor's values by canonical name, row-major [out, in].</param>
    /// <exception cref="ToolException">A value is not finite.</exception>
    public static void Write(Stream stream, ModelDescription model, Func<string, float[]> weights)
    {
        IReadOnlyList<TensorSpec> specs = ModelTensors.For(model);
        TensorEntry[] entries = [.. specs.Select(spec => new TensorEntry(
            NameTable.TorchWhole(spec.Name, model.Config.Architecture, model.Head.Kind), ElementType.Float32,
            TensorLookup.Shape(spec, transposed: false)))];
        // Hugging Face's library reads no file without it.
        SafetensorsWriter.WriteHeader(stream, entries, new Dictionary<string, string> { ["format"] = "pt" });
        for (int i = 0; i < entries.Length; i++)
        {
            float[] values = weights(specs[i].Name);
            if (values.Length != entries[i].ElementCount)
                throw new ArgumentException(
                    $"{specs[i].Name} has {values.Length} values, not {entries[i].ElementCount}", nameof(weights));
            if (!Probabilities.AllFinite(values))
                throw new ToolException(ExitCode.MalformedInput,
                    $"{specs[i].Name}: a weight is not a finite number; nothing is written");
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
    }
}
