using System.Text.RegularExpressions;
using GauRuntime.Convert.Conversion;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Keras;

/// <summary>What a user trained on top of the encoder: a dense layer, or two.</summary>
/// <param name="Output">The last layer.</param>
/// <param name="Hidden">A layer between the encoder and the last, or null.</param>
/// <param name="HiddenActivation">What stands between the two.</param>
/// <param name="Graph">What the whole model says of its outputs; null where the file holds weights alone.</param>
internal sealed partial record KerasHead(
    KerasDense Output, KerasDense? Hidden, Activation HiddenActivation, KerasOutput? Graph)
{
    private const string Pooler = "Pooler-Dense";   // bert4keras' name of it
    private const string Chooses = "--head-layer names the one to take";

    /// <summary>Chooses the head among the trained layers beside the encoder.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="layers">These layers, in file order: none comes before one that it reads.</param>
    /// <param name="encoder">Sizes of the encoder.</param>
    /// <param name="options">Which layer, and which activation, the user names.</param>
    /// <returns>null where there are no such layers.</returns>
    /// <exception cref="GauFormatException">
    /// A trained layer between the encoder and the output, or beside it, is not computed.
    /// </exception>
    /// <exception cref="ToolException">An option has no effect.</exception>
    public static KerasHead? Choose(
        KerasCheckpoint checkpoint, IReadOnlyList<KerasLayer> layers, ModelConfig encoder, ConvertOptions options)
    {
        GauFormatException Fault(string layer, string reason) => new(checkpoint.Path, layer, reason);
        KerasLayer? other = layers.FirstOrDefault(layer => KerasDense.Of(layer) is null);
        if (options.HeadLayer is { } name && layers.All(layer => layer.Name != name))
            throw Fault(name, "the checkpoint has no such layer beside the model");
        if (other is not null && (!options.AllowExtra || other.Name == options.HeadLayer))
            throw Fault(other.Name,
                $"a trained layer {Shapes(other)} that is not computed: a head is a Dense layer, or two; "
                + "--allow-extra leaves such layers out");
        KerasDense[] dense = [.. layers.Select(KerasDense.Of).OfType<KerasDense>()];
        if (dense.Length == 0)
            return options.HeadActivation is null ? null : throw NoHidden();
        KerasOutput? graph = KerasGraph.Output(checkpoint, options.HeadLayer, encoder.LayerCount);
        if (graph is null && checkpoint.Layers.FirstOrDefault(
            layer => layer.Weights.Count == 0 && Combining().IsMatch(layer.Name)) is { } combining)
            throw Fault(combining.Name,
                "a layer of this name between the encoder and the output is not computed, and the file holds weights "
                + "alone, which do not tell that it stands elsewhere: save the whole model");
        string? wanted = options.HeadLayer ?? graph?.Layer;
        KerasDense output = wanted is not null
            ? Array.Find(dense, layer => layer.Name == wanted)
                ?? throw Fault(wanted, "the model's output is no Dense layer that is computed")
            : Last(dense, encoder.HiddenSize)
                ?? throw Fault(dense[0].Name,
                    "several layers could be the head: "
                    + $"{string.Join(", ", dense.Select(layer => layer.Name))}; {Chooses}");
        KerasDense? hidden = graph is not null
            ? Array.Find(dense, layer => layer.Name == graph.Hidden)
            : HiddenOf(checkpoint, dense, output, encoder.HiddenSize, options);
        if ((hidden ?? output).Inputs != encoder.HiddenSize || (hidden is not null && hidden.Outputs != output.Inputs))
            throw Fault(output.Name,
                $"a kernel [{output.Inputs}, {output.Outputs}] does not fit what it reads: the encoder's "
                + $"{encoder.HiddenSize} features, or a Dense layer that reads these");
        KerasDense? left = dense.FirstOrDefault(layer => layer != output && layer != hidden);
        if (left is not null && options.HeadLayer is null && !options.AllowExtra)
            throw Fault(left.Name, $"a trained layer that the head {output.Name} has no place for; {Chooses}");
        return new KerasHead(output, hidden, ActivationOf(checkpoint, hidden, graph, options), graph);
    }

    /// <summary>Whether a layer is BERT's pooler, which ends in tanh unless the user says otherwise.</summary>
    public static bool IsPooler(string layer) => layer.EndsWith(Pooler, StringComparison.Ordinal);

    /// <summary>The last of a chain of all layers; null where they are not a chain.</summary>
    private static KerasDense? Last(KerasDense[] dense, int width) => dense switch
    {
        [var only] => only,
        [var first, var last] when first.Inputs == width && last.Inputs == first.Outputs => last,
        _ => null,
    };

    /// <summary>The layer that the output reads, where weights alone can tell.</summary>
    private static KerasDense? HiddenOf(
        KerasCheckpoint checkpoint, KerasDense[] dense, KerasDense output, int width, ConvertOptions options)
    {
        KerasDense[] before =
        [
            .. dense.TakeWhile(layer => layer != output)
                .Where(layer => layer.Inputs == width && layer.Outputs == output.Inputs),
        ];
        // A layer of the encoder's width may be another head; who names a head and gives up the rest says so.
        if (before.Length == 0 || (output.Inputs == width && options.HeadLayer is not null && options.AllowExtra
            && options.HeadActivation is null))
            return null;
        return before.Length == 1
            ? before[0]
            : throw new GauFormatException(checkpoint.Path, output.Name,
                $"{string.Join(" and ", before.Select(layer => layer.Name))} could come before it");
    }

    private static Activation ActivationOf(
        KerasCheckpoint checkpoint, KerasDense? hidden, KerasOutput? graph, ConvertOptions options)
    {
        Activation? given = options.HeadActivation;
        if (hidden is null)
            return given is null ? Activation.Identity : throw NoHidden();
        if (graph?.HiddenActivation is { } stored && given is not null && stored != given)
            throw new GauFormatException(checkpoint.Path, hidden.Name,
                $"its activation is {NameOf(stored)}, but --head-activation says {NameOf(given.Value)}");
        // bert4keras' with_pool may be another activation.
        if (graph is null && IsPooler(hidden.Name))
            return given ?? Activation.Tanh;
        return graph?.HiddenActivation ?? given
            ?? throw new GauFormatException(checkpoint.Path, hidden.Name,
                $"a Dense layer [{hidden.Inputs}, {hidden.Outputs}] before the head, whose activation is not stored "
                + "with its weights: --head-activation tanh, relu or linear says it"
                + (hidden.Outputs == hidden.Inputs
                    ? "; where it is another head, --head-layer with --allow-extra leaves it out" : ""));
    }

    private static string NameOf(Activation activation) =>
        activation == Activation.Identity ? "linear" : JsonName.Of(activation);

    private static string Shapes(KerasLayer layer) => string.Join(" ", layer.Weights.Select(entry => entry.ShapeText));

    private static ToolException NoHidden() => new(ExitCode.Usage,
        "--head-activation is that of a Dense layer between the encoder and the head, and this model has none: "
        + "leave it out.");

    /// <summary>Layers without weights that make the head read something else than the first token.</summary>
    [GeneratedRegex(
        "(^|[^a-z])(global_(average|max)_pooling1d|(average|max)_pooling1d|flatten|concatenate|multiply|subtract"
        + "|maximum|minimum|average|dot)(_[0-9]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Combining();
}
