using System.Globalization;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Onnx;

/// <summary>What the operations of an exported BERT tell that its weights do not.</summary>
internal sealed record GraphFacts
{
    private const int MostSteps = 64;   // operations between two products
    private const int MostParts = 2000;   // biases of queries and of feed-forward networks; a model has 1000 layers

    /// <summary>H, the number of attention heads, or null where it cannot be told.</summary>
    public int? Heads { get; private init; }

    /// <summary>ε of the norms, or null where it cannot be told.</summary>
    public double? Eps { get; private init; }

    /// <summary>Whether it is a number of float16.</summary>
    public bool IsHalf { get; private init; }

    /// <summary>The activation of the feed-forward network, or null where it cannot be told.</summary>
    public Activation? HiddenAct { get; private init; }

    /// <summary>What the name of the exported class ends in, such as <c>ForSequenceClassification</c>.</summary>
    public required string Head { get; init; }

    /// <summary>Reads a graph.</summary>
    /// <exception cref="Weights.GauFormatException">Its layers differ, or have another activation.</exception>
    public static GraphFacts Read(OnnxCheckpoint export)
    {
        OnnxGraph graph = export.Graph;
        List<long> heads = [];
        List<Activation> activations = [];
        List<(double Eps, bool IsHalf)> epsilons = [];
        int parts = 0;
        foreach (OnnxNode node in graph.Nodes)
        {
            string? bias = OnnxWeights.BiasOf(graph, node);
            bool queries = bias?.EndsWith("attention.self.query.bias", StringComparison.Ordinal) == true;
            bool ffn = bias?.EndsWith("intermediate.dense.bias", StringComparison.Ordinal) == true;
            if ((queries || ffn) && ++parts > MostParts)
                throw graph.Fault("more than 1000 layers");
            if (queries && HeadsOf(export, node, bias!) is { } count)
                heads.Add(count);
            else if (ffn)
                activations.Add(GraphActivation.After(graph, node));
            else if (EpsOf(export, node) is { } eps)
                epsilons.Add(eps);
        }
        return new GraphFacts
        {
            Heads = Only(graph, heads, "numbers of heads") is { } number ? (int)number : null,
            HiddenAct = Only(graph, activations, "activations"),
            Eps = Only(graph, [.. epsilons.Select(eps => eps.Eps)], "epsilons of norms"),
            IsHalf = epsilons.Any(eps => eps.IsHalf),
            Head = HeadOf(export),
        };
    }

    private static T? Only<T>(OnnxGraph graph, IReadOnlyList<T> values, string what) where T : struct
    {
        T[] found = [.. values.Distinct()];
        return found switch
        {
            [] => null,
            [var only] => only,
            _ => throw graph.Fault(string.Create(
                CultureInfo.InvariantCulture, $"several {what}: {found[0]} and {found[1]}; a BERT has one")),
        };
    }

    /// <summary>
    /// The queries are reshaped to [batch, tokens, H, d]; -1 or 0 in place of H leaves it to the width.
    /// </summary>
    private static long? HeadsOf(OnnxCheckpoint export, OnnxNode sum, string bias)
    {
        OnnxGraph graph = export.Graph;
        long width = export.Tensors.FirstOrDefault(entry => entry.Name == bias)?.ElementCount ?? 0;
        Queue<string> values = new([sum.Output]);
        for (int step = 0; step < MostSteps && values.TryDequeue(out string? value); step++)
            foreach (OnnxNode reader in graph.ReadersOf(value).Take(MostSteps))
            {
                if (reader.Op != "Reshape")
                {
                    if (OnnxGraph.IsHandedOn(reader) || reader.Op is "Mul" or "Div")   // the queries may be scaled
                        values.Enqueue(reader.Output);
                    continue;
                }
                if (GraphNumbers.Sizes(export, reader.Input(1)) is not [.., var heads, > 0 and { } size]
                    || width % size != 0)
                    continue;
                if (heads is not { } stated || stated is -1 or 0 || stated == width / size)
                    return width / size;
            }
        return null;
    }

    /// <summary>ε of a norm: of one operation, or of γ · (x − μ) / √(σ² + ε) spelled out.</summary>
    private static (double Eps, bool IsHalf)? EpsOf(OnnxCheckpoint export, OnnxNode node)
    {
        OnnxGraph graph = export.Graph;
        if (node.Op == "LayerNormalization")
            return (GraphNumbers.Shortest(node.Float("epsilon", 1e-5f)), false);
        if (node is not { Op: "Mul", Inputs.Count: 2 } || !node.Inputs.Any(input =>
                graph.ConstantOf(input, out _, IsGamma, out string? name) is not null && name is not null))
            return null;
        foreach (string input in node.Inputs)
            if (Back(graph, input) is { Op: "Div" } quotient && Back(graph, quotient.Input(1)) is { Op: "Sqrt" } root
                && Back(graph, root.Input(0)) is { Op: "Add", Inputs.Count: 2 } sum)
                foreach (string term in sum.Inputs)
                    if (GraphNumbers.Number(export, term) is { } eps)
                        return eps;
        return null;
    }

    private static bool IsGamma(string name) => name.EndsWith("LayerNorm.weight", StringComparison.Ordinal)
        || name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal);

    private static OnnxNode? Back(OnnxGraph graph, string value)
    {
        OnnxNode? node = graph.ProducerOf(value);
        return node is not null && OnnxGraph.IsHandedOn(node) ? graph.ProducerOf(node.Input(0)) : node;
    }

    /// <summary>The head by its layers, and by what they read.</summary>
    private static string HeadOf(OnnxCheckpoint export)
    {
        OnnxGraph graph = export.Graph;
        bool Has(string name) => export.Tensors.Any(entry => entry.Name.EndsWith(name, StringComparison.Ordinal));
        if (Has("qa_outputs.weight"))
            return "ForQuestionAnswering";
        if (!Has("classifier.weight"))
            return Has("cls.predictions.transform.dense.weight") ? "ForMaskedLM" : "Model";
        OnnxNode? layer = graph.Nodes.FirstOrDefault(node => node.Op == "Gemm"
            && OnnxWeights.BiasOf(graph, node)?.EndsWith("classifier.bias", StringComparison.Ordinal) == true);
        // torch.onnx multiplies rows of texts by Gemm, and those of tokens, of one dimension more, by MatMul.
        return layer is null ? "ForTokenClassification"
            : graph.InputRank == 3 ? "ForMultipleChoice" : "ForSequenceClassification";
    }
}
