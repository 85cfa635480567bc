namespace GauRuntime.Weights.Checkpoints;

/// <summary>A weight of a graph under the name that it has in the PyTorch model which was exported.</summary>
/// <param name="Entry">Name, type and shape, [outputs, inputs] where it is multiplied with.</param>
/// <param name="Constant">The constant that holds it.</param>
/// <param name="Transposed">Whether the constant is [inputs, outputs].</param>
internal sealed record OnnxWeight(TensorEntry Entry, OnnxTensor Constant, bool Transposed);

/// <summary>Finds the weights in a graph.</summary>
/// <remarks>
/// torch.onnx folds the transposition of a matrix into its constant and drops the name (<c>onnx::MatMul_1234</c>, or a
/// bare number), but biases keep theirs, so that a matrix is called after the bias that is added to its product.
/// </remarks>
internal static class OnnxWeights
{
    private const int MostReaders = 64;   // of a product, among which its bias is looked for: a few in any model

    private const string Weight = ".weight", Bias = ".bias";
    private const string MaskedLm = "cls.predictions", MaskedLmDecoder = "cls.predictions.decoder";

    /// <summary>All weights; what is no weight, such as shapes and scalars, is left out.</summary>
    /// <param name="graph">The graph.</param>
    /// <exception cref="GauFormatException">Two matrices would have one name.</exception>
    public static IReadOnlyList<OnnxWeight> Find(OnnxGraph graph)
    {
        Dictionary<string, OnnxWeight> found = new(StringComparer.Ordinal);
        HashSet<OnnxTensor> matrices = new(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (Product(graph, node) is not { } weight)
                continue;
            if (found.TryGetValue(weight.Entry.Name, out OnnxWeight? other)
                && (other.Constant != weight.Constant || other.Transposed != weight.Transposed))
                throw graph.Fault($"two products are called {weight.Entry.Name}");
            found[weight.Entry.Name] = weight;
            matrices.Add(weight.Constant);
        }
        // The others have names of their own, some of them more than one.
        foreach (OnnxNode node in graph.Nodes)
            if (OnnxGraph.IsHandedOn(node) && IsParameter(node.Output) && graph.ConstantOf(node.Output) is { } constant)
                found.TryAdd(node.Output, Named(constant, node.Output));
        foreach (OnnxTensor constant in graph.Constants)
            if (IsParameter(constant.Entry.Name) || (IsWeight(constant.Entry) && !matrices.Contains(constant)))
                found.TryAdd(constant.Entry.Name, Named(constant, constant.Entry.Name));
        return [.. found.Values];
    }

    /// <summary>The bias that an operation adds to a product, by its name; or null.</summary>
    public static string? BiasOf(OnnxGraph graph, OnnxNode node)
    {
        if (node.Op == "Gemm")
            return NameOf(graph, node.Input(2));
        return node.Op == "Add" ? NameOf(graph, node.Input(0)) ?? NameOf(graph, node.Input(1)) : null;

        static string? NameOf(OnnxGraph graph, string value) =>
            graph.ConstantOf(value, out _, IsBias, out string? name) is { Entry.Shape.Count: 1 } ? name : null;
    }

    private static bool IsBias(string name) => name.EndsWith(Bias, StringComparison.Ordinal);

    private static bool IsMatrix(string name) => name.EndsWith(Weight, StringComparison.Ordinal);

    /// <summary>Whether a constant is called like a parameter of a module.</summary>
    private static bool IsParameter(string name) =>
        IsBias(name) || IsMatrix(name)
        || name.EndsWith(".gamma", StringComparison.Ordinal) || name.EndsWith(".beta", StringComparison.Ordinal);

    /// <summary>Whether a constant without such a name may have been trained.</summary>
    private static bool IsWeight(TensorEntry entry) =>
        entry.Shape.Count > 0 && entry.ElementCount > 1 && entry.Type is ElementType.Float32 or ElementType.Float64
            or ElementType.Float16 or ElementType.BFloat16 or ElementType.Int8 or ElementType.UInt8;

    private static OnnxWeight Named(OnnxTensor constant, string name) =>
        new(constant.Entry with { Name = name }, constant, false);

    /// <summary>The matrix that an operation multiplies with, or null where it has none or no name.</summary>
    private static OnnxWeight? Product(OnnxGraph graph, OnnxNode node)
    {
        if (node.Op is not ("MatMul" or "Gemm")
            || graph.ConstantOf(node.Input(1), out bool transposed, IsMatrix, out string? own)
            is not { Entry.Shape: [var rows, var columns] } constant)
            return null;
        if (node.Op == "Gemm" && (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1))
            throw graph.Fault($"a product with a factor ({node.Output})");
        if (node.Op == "Gemm" && node.Integer("transB", 0) != 0)
            transposed = !transposed;
        string? bias = node.Op == "Gemm" ? BiasOf(graph, node) : graph.ReadersOf(node.Output)
            .SelectMany(reader => OnnxGraph.IsHandedOn(reader) ? graph.ReadersOf(reader.Output) : [reader])
            .Take(MostReaders)
            .Select(reader => BiasOf(graph, reader)).FirstOrDefault(name => name is not null);
        string? name = bias is null ? own : NameAfter(bias);
        // Two transpositions, or none, leave [inputs, outputs].
        return name is null ? null : transposed
            ? Named(constant, name)
            : new OnnxWeight(constant.Entry with { Name = name, Shape = [columns, rows] }, constant, true);
    }

    private static string NameAfter(string bias)
    {
        string module = bias[..^Bias.Length];
        // The bias of the masked LM stands beside the layer that it belongs to.
        if (module.EndsWith(MaskedLm, StringComparison.Ordinal))
            module = string.Concat(module.AsSpan(0, module.Length - MaskedLm.Length), MaskedLmDecoder);
        return module + Weight;
    }
}
