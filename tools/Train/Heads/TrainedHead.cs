using System.Numerics.Tensors;
using GauRuntime.Train.Finetuning;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>A head as a model file has it: logits = W · tanh(D x + d) + b, or W x + b.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Dense">D [hidden, h]; empty without a hidden layer.</param>
/// <param name="DenseBias">d [hidden].</param>
/// <param name="Out">W [outputs, width].</param>
/// <param name="OutBias">b [outputs].</param>
internal sealed record TrainedHead(HeadShape Shape, float[] Dense, float[] DenseBias, float[] Out, float[] OutBias)
{
    /// <summary>The head for features as they are.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="parameters">For scaled features, in the order of the shape.</param>
    /// <param name="scale">How these were scaled.</param>
    /// <param name="values">How the values of a regression were.</param>
    public static TrainedHead Of(HeadShape shape, double[] parameters, FeatureScale scale, ValueScale values)
    {
        double[] w = [.. parameters[shape.Out].Select(value => value * values.Deviation)];
        double[] b = [.. parameters[shape.OutBias].Select(value => value * values.Deviation + values.Mean)];
        if (shape.Hidden > 0)
        {
            (float[] dense, float[] denseBias) = scale.Fold(parameters[shape.Dense], parameters[shape.DenseBias]);
            return new TrainedHead(shape, dense, denseBias, [.. w.Select(v => (float)v)], [.. b.Select(v => (float)v)]);
        }
        (float[] weights, float[] bias) = scale.Fold(w, b);
        return new TrainedHead(shape, [], [], weights, bias);
    }

    /// <summary>Its logits.</summary>
    /// <param name="x">Features [h].</param>
    public float[] Logits(ReadOnlySpan<float> x)
    {
        float[] logits = new float[Shape.Outputs], hidden = new float[Shape.Hidden];
        if (Shape.Hidden > 0)
        {
            HeadObjective.Layer(Dense, DenseBias, x, hidden);
            TensorPrimitives.Tanh<float>(hidden, hidden);
            x = hidden;
        }
        HeadObjective.Layer(Out, OutBias, x, logits);
        return logits;
    }

    /// <summary>A tensor by its canonical name; null: it is none of the head's.</summary>
    public float[]? Tensor(string name) => name switch
    {
        ModelTensors.HeadDense => Dense,
        ModelTensors.HeadOut => Out,
        _ when name == ModelTensors.Bias(ModelTensors.HeadDense) => DenseBias,
        _ when name == ModelTensors.Bias(ModelTensors.HeadOut) => OutBias,
        _ => null,
    };
}
