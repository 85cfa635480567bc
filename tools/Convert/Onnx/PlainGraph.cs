using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Onnx;

/// <summary>Whether a graph is as torch.onnx exports it, so that its weights are those of the model.</summary>
internal static class PlainGraph
{
    private const string Unoptimized = "convert the graph that it was made from (mostly model.onnx)";

    private static readonly HashSet<string> Quantized = new(StringComparer.Ordinal)
    {
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul",
        "ConvInteger", "QLinearConv",
        // ONNX Runtime's own.
        "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "DynamicQuantizeLSTM", "MatMulNBits", "MatMulBnb4", "QGemm",
        "QAttention", "QEmbedLayerNormalization", "QLinearAdd", "QLinearMul", "QLinearSoftmax", "QOrderedMatMul",
        "GatherBlockQuantized",
    };

    private static readonly HashSet<string> Control = new(StringComparer.Ordinal)
    {
        "If", "Loop", "Scan", "SequenceMap",
    };

    /// <summary>Refuses another graph, by the operation that shows it.</summary>
    /// <exception cref="Weights.GauFormatException">It is another.</exception>
    public static void Require(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            string name = node.Domain.Length == 0 ? node.Op : $"{node.Domain}.{node.Op}";
            if (Quantized.Contains(node.Op))
                throw graph.Fault(
                    $"a quantized graph ({name}), whose weights are not the model's: {Unoptimized}; int8 is made here");
            if (node.Domain.StartsWith("com.microsoft", StringComparison.Ordinal))
                throw graph.Fault($"a graph that was fused for ONNX Runtime ({name}): {Unoptimized}");
            if (node.Domain.Length > 0)
                throw graph.Fault($"the operation {name} is not one of ONNX, and not known here");
            if (Control.Contains(node.Op))
                throw graph.Fault($"a graph with branches or loops ({name}) is not supported");
        }
        RequirePositions(graph);
    }

    /// <summary>RoBERTa's tensors have BERT's names, but its positions are counted from the padding.</summary>
    private static void RequirePositions(OnnxGraph graph)
    {
        const int most = 64;   // operations from the positions back to what is counted
        Queue<string> values = new(graph.Nodes
            .Where(node => node.Op == "Gather"
                && node.Input(0).EndsWith("position_embeddings.weight", StringComparison.Ordinal))
            .Select(node => node.Input(1)));
        for (int step = 0; step < most && values.TryDequeue(out string? value); step++)
        {
            if (graph.ProducerOf(value) is not { } node)
                continue;
            if (node.Op == "CumSum")
                throw graph.Fault("positions that are counted from the padding id (CumSum), as RoBERTa's are, are not "
                    + "supported; Chinese RoBERTa-wwm is a BERT");
            foreach (string input in node.Inputs)
                values.Enqueue(input);
        }
    }
}
