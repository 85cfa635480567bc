using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Onnx;

/// <summary>The activation between the two products of a feed-forward network, told by its operations.</summary>
internal static class GraphActivation
{
    private const int MostSteps = 64;   // operations between the products

    /// <summary>Reads the operations that follow a bias, up to the next product.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sum">The operation that adds the bias.</param>
    /// <exception cref="Weights.GauFormatException">They are another activation.</exception>
    public static Activation After(OnnxGraph graph, OnnxNode sum)
    {
        HashSet<OnnxNode> seen = new(ReferenceEqualityComparer.Instance);
        Queue<string> values = new([sum.Output]);
        while (values.TryDequeue(out string? value) && seen.Count < MostSteps)
            foreach (OnnxNode reader in graph.ReadersOf(value).Take(MostSteps))
                if (reader.Op is not ("MatMul" or "Gemm" or "Shape") && seen.Add(reader))
                    values.Enqueue(reader.Output);
        string[] ops =
            [.. seen.Where(node => !OnnxGraph.IsHandedOn(node)).Select(node => node.Op).Order(StringComparer.Ordinal)];
        bool OnlyOf(params ReadOnlySpan<string> others)
        {
            foreach (string op in ops)
                if (!others.Contains(op))
                    return false;
            return true;
        }

        return ops switch
        {
            [] => Activation.Identity,
            ["Relu"] => Activation.Relu,
            ["Tanh"] => Activation.Tanh,
            ["Mul", "Sigmoid"] => Activation.Swish,
            ["Gelu"] => seen.Any(node => node.Attributes.GetValueOrDefault("approximate")?.Text == "tanh")
                ? Activation.GeluTanh : Activation.Gelu,
            _ when ops.Count(op => op == "Erf") == 1 && OnlyOf("Add", "Div", "Erf", "Mul") =>
                Activation.Gelu,
            _ when ops.Count(op => op == "Tanh") == 1 && OnlyOf("Add", "Mul", "Pow", "Tanh") =>
                Activation.GeluTanh,
            _ => throw graph.Fault($"an activation of {string.Join(", ", ops.Distinct())} is not supported, only "
                + "gelu in both forms, relu, swish, tanh and none"),
        };
    }
}
