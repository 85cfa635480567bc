using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>A dense layer y = x W + b.</summary>
/// <param name="Weights">W.</param>
/// <param name="Bias">b [W.Columns], or null.</param>
internal sealed unsafe record Dense(PackedMatrix Weights, nint Bias)
{
    /// <summary>Finds a layer in the file that a name's weights are taken from.</summary>
    public static Dense Load(Func<string, ModelFileReader> files, string name)
    {
        ModelFileReader file = files(name);
        return new Dense(file.Matrix(name), (nint)file.Rows(ModelTensors.Bias(name)));
    }
}
