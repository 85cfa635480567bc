using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>A norm of rows: RMS without parameters, or LayerNorm where there are γ and β.</summary>
/// <param name="Size">Columns without padding.</param>
/// <param name="Eps">Added to the mean of squares, or to the variance.</param>
/// <param name="Gamma">γ [size, padded with zeros], or null.</param>
/// <param name="Beta">β [size, padded with zeros], or null.</param>
internal readonly unsafe record struct Norm(int Size, float Eps, nint Gamma, nint Beta)
{
    /// <summary>Finds a norm in the file that a name's weights are taken from.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="files">The file that a tensor is taken from.</param>
    /// <param name="name">Its name, which nothing has where the architecture's norms have no parameters.</param>
    public static Norm Load(ModelConfig config, Func<string, ModelFileReader> files, string name)
    {
        bool ofWidth = name is ModelTensors.EmbeddingNorm or ModelTensors.MaskedLmNorm;
        double eps = name == ModelTensors.MaskedLmNorm ? config.MaskedLmEps ?? config.Eps : config.Eps;
        return new Norm(
            ofWidth ? config.EmbeddingWidth : config.HiddenSize, (float)eps, Rows(ModelTensors.Gamma(name)),
            Rows(ModelTensors.Beta(name)));

        nint Rows(string tensor) => config.Traits.HasLayerNorm ? (nint)files(tensor).Rows(tensor) : 0;
    }

    /// <summary>Every row x ← norm(x + y).</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="x">[rows, ldx].</param>
    /// <param name="ldx">Row stride of x in floats, and number of columns with padding.</param>
    /// <param name="y">[rows, ldy], or null: 0.</param>
    /// <param name="ldy">Row stride of y in floats.</param>
    /// <param name="rows">Rows.</param>
    public void Add(KernelSet kernels, float* x, int ldx, float* y, int ldy, int rows)
    {
        if (Gamma == 0)
            kernels.AddNorm(x, ldx, y, ldy, rows, Size, Eps);
        else
            kernels.AddLayerNorm(x, ldx, y, ldy, rows, Size, Eps, (float*)Gamma, (float*)Beta);
    }
}
