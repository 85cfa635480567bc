using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Keras;

/// <summary>What a whole model says of one of its outputs.</summary>
/// <param name="Layer">The last trained layer.</param>
/// <param name="Hidden">The trained layer between it and the encoder, or null.</param>
/// <param name="HiddenActivation">The activation between the two.</param>
/// <param name="Activation">The activation of the output: softmax, sigmoid or linear.</param>
/// <param name="PerToken">Whether every token has an output: nothing picks the first one.</param>
internal sealed record KerasOutput(
    string Layer, string? Hidden, Activation? HiddenActivation, string Activation, bool PerToken);

/// <summary>The layers of a whole model that Keras 2 saved, and which reads which.</summary>
internal sealed partial class KerasGraph
{
    private const int MostOutputs = 100;

    private static readonly string[] Identities =
        ["Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization"];

    private readonly string path;
    private readonly Dictionary<string, JsonElement> nodes = new(StringComparer.Ordinal);
    private readonly JsonElement outputs;

    private KerasGraph(string path, JsonElement config)
    {
        this.path = path;
        outputs = config.GetProperty("output_layers");
        foreach (JsonElement layer in config.GetProperty("layers").EnumerateArray())
            nodes[NameOf(layer)] = layer;
    }

    /// <param name="Slice">What a SlicingOpLambda takes of its input.</param>
    private sealed record Node(string Class, string[] Inputs, string Activation, JsonElement? Slice);

    /// <summary>What a file says of an output; null where it holds weights alone, or no list of layers.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="head">The trained layer whose output is meant; null: of the only one.</param>
    /// <param name="layers">Layers of the encoder.</param>
    /// <exception cref="GauFormatException">
    /// Something between output and encoder is not computed, or there are several outputs, or it is malformed.
    /// </exception>
    public static KerasOutput? Output(KerasCheckpoint checkpoint, string? head, int layers)
    {
        if (checkpoint.ModelConfig is not { } text)
            return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("config") is { ValueKind: JsonValueKind.Object } config
                && config.TryGetProperty("layers", out _) && config.TryGetProperty("output_layers", out _)
                ? new KerasGraph(checkpoint.Path, config).Output(head, layers)
                : null;
        }
        catch (JsonException fault)
        {
            (string place, string reason) = JsonFault.Explain(Encoding.UTF8.GetBytes(text), fault);
            throw new GauFormatException(
                checkpoint.Path, "model_config", $"not what Keras writes: {place}: {reason}", fault);
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException or ArgumentException)
        {
            throw new GauFormatException(
                checkpoint.Path, "model_config", "not what Keras writes: a layer or its connections", fault);
        }
    }

    private KerasOutput Output(string? head, int layers)
    {
        if (outputs.GetArrayLength() > MostOutputs)
            throw Fault("model_config", $"{outputs.GetArrayLength()} outputs are more than {MostOutputs}");
        string[] found = [.. outputs.EnumerateArray().Select(output => output[0].GetString()!)];
        string[] trained = [.. found.Select(LastTrained)];
        string names = string.Join(", ", trained);
        if (head is null && found.Length != 1)
            throw Fault("model_config", $"{found.Length} outputs: {names}; --head-layer names the one to take");
        int chosen = head is null ? 0 : Array.IndexOf(trained, head);
        return chosen >= 0
            ? Walk(found[chosen], layers)
            : throw Fault(head!, $"it is no last layer of the model; that is {names}");
    }

    /// <summary>The layer that gives an output its name: what stands behind it is not trained.</summary>
    private string LastTrained(string name)
    {
        for (int steps = 0; steps < nodes.Count; steps++)
        {
            Node node = Read(name);
            if ((node.Class != "Activation" && !Identities.Contains(node.Class)) || node.Inputs is not [var only])
                break;
            name = only;
        }
        return name;
    }

    private static string NameOf(JsonElement layer) =>
        (layer.TryGetProperty("name", out JsonElement name) ? name : layer.GetProperty("config").GetProperty("name"))
            .GetString()!;

    private Node Read(string name)
    {
        if (!nodes.TryGetValue(name, out JsonElement layer))
            throw Fault(name, "model_config has no such layer");
        JsonElement[] reads = layer.TryGetProperty("inbound_nodes", out JsonElement calls)
            ? [.. calls.EnumerateArray().SelectMany(Reads)]
            : [];
        string[] inputs = [.. reads.Select(input => $"{input[0]}")];
        JsonElement? slice = reads is [var only] && only.GetArrayLength() > 3
            && only[3].TryGetProperty("slice_spec", out JsonElement spec) ? spec : null;
        JsonElement settings = layer.GetProperty("config");
        string activation = !settings.TryGetProperty("activation", out JsonElement function) ? "linear"
            : function.ValueKind == JsonValueKind.String ? function.GetString()! : function.GetRawText();
        return new Node(layer.GetProperty("class_name").GetString()!, inputs, activation, slice);
    }

    /// <summary>What a call reads: a list of inputs, or, of an operation that became a layer, a single one.</summary>
    private static IEnumerable<JsonElement> Reads(JsonElement call) =>
        call.GetArrayLength() > 0 && call[0].ValueKind == JsonValueKind.String ? [call] : call.EnumerateArray();

    /// <summary>Whether a slice is x[:, 0], the first token.</summary>
    private static bool IsFirstToken(JsonElement? slice)
    {
        if (slice is not { } spec)
            return false;
        if (spec.ValueKind == JsonValueKind.Object)
            spec = spec.GetProperty("items");   // a tuple
        JsonElement[] parts = [.. spec.EnumerateArray()];
        return parts.Length > 1 && parts[1].ValueKind == JsonValueKind.Number && parts[1].GetDouble() == 0
            && parts.Where((_, i) => i != 1).All(part => part.ValueKind == JsonValueKind.Object
                && part.EnumerateObject().All(bound => bound.Value.ValueKind == JsonValueKind.Null));
    }

    /// <summary>Walks from an output back to the encoder.</summary>
    private KerasOutput Walk(string name, int encoderLayers)
    {
        List<(string Name, string Activation)> dense = [];
        string? activation = null;
        bool perToken = true;
        for (int steps = 0; steps <= nodes.Count; steps++)
        {
            if (EncoderLayer().Match(name) is { Success: true } encoder)
            {
                int index = int.Parse(encoder.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture);
                if (index != encoderLayers - 1)
                    throw Fault(name, $"the head reads layer {index + 1} of {encoderLayers}, not the last");
                if (encoder.Groups["part"].Value is not ("GatedAttentionUnit-Norm" or "FeedForward-Norm"))
                    throw Fault(name, "the head reads inside the last layer, not its output");
                if (dense.Count == 0)
                    throw Fault("model_config", "the output is no Dense layer");
                if (activation is not (null or "linear"))
                    throw Fault(name, $"'{activation}' behind the encoder is not computed");
                return Found(dense, perToken);
            }
            Node node = Read(name);
            if (node.Class is "Activation" or "Dense")
            {
                if (activation is not null && node.Activation != "linear")
                    throw Fault(name, "two activations one after the other are not computed");
                activation ??= node.Activation;
            }
            if (node.Class == "Dense")
            {
                dense.Add((name, activation!));
                activation = null;
                if (dense.Count > 2)
                    throw Fault(name, "a trained layer before two others; a head has at most one hidden layer");
            }
            else if (node.Class is "Lambda" or "SlicingOpLambda")
            {
                // The code of a Lambda is not stored in a form that can be read: the one before the head picks [CLS].
                if (!perToken)
                    throw Fault(name, $"a second {node.Class}: what it computes cannot be read");
                if (dense.Count == 0)
                    throw Fault(name, $"a {node.Class} behind the output: what it computes cannot be read");
                if (node.Class == "SlicingOpLambda" && !IsFirstToken(node.Slice))
                    throw Fault(name, "it takes something else than the first token, x[:, 0], which is not computed");
                perToken = false;
            }
            else if (node.Class != "Activation" && !Identities.Contains(node.Class))
            {
                throw Fault(name, $"a layer {node.Class} between the encoder and the output is not computed");
            }
            name = node.Inputs is [var only] ? only : throw Fault(name, $"it reads {node.Inputs.Length} layers, not 1");
        }
        throw Fault(name, "the layers of model_config read each other in a circle");
    }

    private KerasOutput Found(List<(string Name, string Activation)> dense, bool perToken)
    {
        (string layer, string activation) = dense[0];
        if (activation is not ("softmax" or "sigmoid" or "linear"))
            throw Fault(layer, $"the activation '{activation}' of an output is not supported, only softmax, sigmoid "
                + "and linear");
        if (perToken && activation == "sigmoid")
            throw Fault(layer, "a sigmoid for every token is not computed: a classifier of tokens has a softmax");
        if (dense.Count == 1)
            return new KerasOutput(layer, null, null, activation, perToken);
        (string hidden, string between) = dense[1];
        Activation function = between switch
        {
            "linear" => Activation.Identity,
            "tanh" => Activation.Tanh,
            "relu" => Activation.Relu,
            _ => throw Fault(hidden, $"the activation '{between}' is not supported, only tanh, relu and linear"),
        };
        return new KerasOutput(layer, hidden, function, activation, perToken);
    }

    private GauFormatException Fault(string place, string reason) => new(path, place, reason);

    [GeneratedRegex(
        "Transformer-(?<layer>[0-9]{1,4})-(?<part>[A-Za-z]+(-(Norm|Add|Dropout))?)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex EncoderLayer();
}
