using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Verification;
using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

internal sealed partial class TrainableModel
{
    /// <summary>Whether the weights come from a model file of 8-bit numbers, with the error that these made.</summary>
    public bool IsRounded { get; private init; }

    /// <summary>Whether the files say how vectors are made, which is left out.</summary>
    public bool WasEmbedder { get; private init; }

    /// <summary>Reads a model file, or whatever checkpoint <c>gau-convert</c> reads without an option.</summary>
    /// <param name="path">A file, a folder or the prefix of a TensorFlow bundle.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <exception cref="Weights.GauFormatException">A file is malformed, or they do not fit together.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="Tools.ToolException">There is too little memory for it (69).</exception>
    public static TrainableModel Load(string path, Device device, ScalarType type)
    {
        if (WeightSide.IsModelFile(path))
            return ReadFile(path, device, type);
        using ScratchFolder scratch = new();
        string file = scratch.File("model.safetensors");
        Converter.Run(
            new ConvertOptions { Checkpoint = path, Output = file, Type = WeightType.F32 },
            new ConvertMessages(TextWriter.Null, quiet: true, terminal: false));
        return ReadFile(file, device, type);
    }

    private static TrainableModel ReadFile(string path, Device device, ScalarType type)
    {
        using ModelFileReader file = ModelFileReader.Open(path);
        TrainableModel model = new(file.Description, device, type)
        {
            IsRounded = ModelTensors.For(file.Description).Any(spec => file.StorageOf(spec).Type == WeightType.Int8),
            WasEmbedder = file.Description.Embedding is not null,
        };
        foreach (TensorSpec spec in model.specs)
        {
            float[] values = new float[checked(spec.Rows * spec.Columns)];
            LogicalWeights.Read(file, spec, values);
            model.Load(spec.Name, values);
        }
        return model;
    }
}
