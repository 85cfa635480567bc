using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Kernels;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Commands;

/// <summary>What <c>gau inspect</c> tells about a model and this machine, in words or as JSON.</summary>
internal sealed class ModelReport
{
    private static readonly string[] StoredJson =
        [ModelMetadata.Config, ModelMetadata.Head, ModelMetadata.Tokenizer, ModelMetadata.Provenance];

    private readonly GauModel model;
    private readonly int threads;
    private readonly TensorLine[] tensors;

    public ModelReport(GauModel model, int threads)
    {
        this.model = model;
        this.threads = threads;
        ModelFileReader file = model.File;
        Dictionary<string, TensorReport> errors = file.Quantization.Tensors.ToDictionary(
            t => t.Name, StringComparer.Ordinal);
        tensors =
            [.. ModelTensors.For(file.Description).Select(spec => Line(spec, file.StorageOf(spec), errors))];
    }

    private double WorstError => tensors.Max(t => t.RelativeError);

    /// <summary>One JSON object on one line.</summary>
    public string Json() => JsonText.Of(json =>
    {
        ModelFileReader file = model.File;
        json.WriteStartObject();
        json.WriteString("file"u8, file.Path);
        json.WriteNumber("bytes"u8, file.Length);
        json.WriteString("format"u8, file.Metadata[ModelMetadata.Format]);
        json.WriteString("hash"u8, file.Hash);
        foreach (string key in StoredJson)
        {
            json.WritePropertyName(key["gau.".Length..]);
            json.WriteRawValue(file.Metadata[key]);
        }
        if (file.Metadata.TryGetValue(ModelMetadata.Embedding, out string? embedding))
        {
            json.WritePropertyName("embedding"u8);
            json.WriteRawValue(embedding);
        }
        json.WriteNumber("vocabulary"u8, file.Description.Vocabulary.Count);
        json.WriteString("type"u8, JsonName.Of(file.Quantization.Type));
        json.WriteNumber("block"u8, file.Quantization.Block);
        json.WriteString("attention"u8, JsonName.Of(model.Config.Attention));
        json.WriteNumber("worst_relative_error"u8, WorstError);
        json.WriteNumber("golden_vectors"u8, file.Golden.Count);
        json.WriteString("tier"u8, model.Tier);
        json.WriteStartArray("tiers"u8);
        foreach (string tier in KernelTiers.Available)
            json.WriteStringValue(tier);
        json.WriteEndArray();
        json.WriteStartObject("unavailable_tiers"u8);
        foreach ((string tier, string fault) in KernelTiers.Unavailable)
            json.WriteString(tier, fault);
        json.WriteEndObject();
        json.WriteNumber("threads"u8, threads);
        WriteTensors(json);
        json.WriteEndObject();
    }) + "\n";

    /// <summary>A few lines of words and a line per tensor.</summary>
    public string Words()
    {
        StringBuilder text = new();
        void Row(string name, FormattableString value) =>
            text.Append(name.PadRight(12)).Append(Printable.OneLine(FormattableString.Invariant(value))).Append('\n');
        ModelFileReader file = model.File;
        ModelConfig c = model.Config;
        HeadConfig head = model.Head;
        Quantization stored = file.Quantization;
        TokenizerConfig tokenizer = file.Description.Tokenizer;
        Provenance source = file.Description.Provenance;
        Row("file", $"{file.Path}, {file.Length} bytes");
        Row("hash", $"{file.Hash}");
        Row("model", $"{JsonName.Of(c.Architecture)}: {c.LayerCount} layers");
        Row("", $"hidden {c.HiddenSize}, intermediate {c.IntermediateSize}, key {c.KeySize}, heads {c.HeadCount}");
        Row("", $"{JsonName.Of(c.Normalization)}, {JsonName.Of(c.HiddenAct)}, eps {c.Eps}, min_keys {c.MinKeys}");
        Row("", $"segments {c.SegmentCount}, bias {Flag(c.UseBias)}, scaled {Flag(c.AttentionScale)}");
        if (c.PositionCount > 0)
            Row("", $"positions {c.PositionCount}: no text has more tokens");
        if (c.EmbeddingSize is { } width)
            Row("", $"embeddings of {width}");
        if (c.RotaryValue)
            Row("", $"values are rotated");
        if (!c.HasMaskedLm)
            Row("", $"no masked LM");
        if (head.Kind == HeadKind.MaskedLm && !c.HasMaskedLm)
            Row("head", $"none, the model makes vectors");
        else
            Row("head", $"{JsonName.Of(head.Kind)}, {JsonName.Of(head.ProblemType)}");
        Row("", $"pooling {JsonName.Of(head.Pooling)}, segments of pairs {JsonName.Of(head.Segments)}");
        if (head.HasDense)
            Row("", $"dense layer of {head.DenseSize ?? c.HiddenSize}, {JsonName.Of(head.DenseActivation)}");
        if (head.MaxTokens is not null)
            Row("", $"{head.ShownLimit}, unless --max-length says otherwise");
        if (c.UntiedDecoder)
            Row("", $"the masked LM has a matrix of its own");
        if (head.Labels.Count > 0)
            Row("labels", $"{string.Join(", ", head.Labels)}");
        if (head.Calibration is { } calibration)
            AddCalibration(calibration, Row);
        if (model.Embedding is { } embedding)
        {
            Row("embedding", $"{embedding.Shown}; {embedding.Width(c.HiddenSize)} numbers");
            Row("", $"compared by {JsonName.Of(embedding.Similarity)}{embedding.ShownLimit}");
            if (embedding.ShownPrompts is { Length: > 0 } prompts)
                Row("prompts", $"{prompts}");
        }
        Row("tokenizer", $"{file.Description.Vocabulary.Count} tokens, rules {JsonName.Of(tokenizer.Rules)}");
        Row("", $"lower case {Flag(tokenizer.LowerCase)}");
        Row("source", $"{source.SourceKind} {source.SourceSha256}");
        Row("", $"{source.Converter}, {source.Date}, {source.Options}");
        Row("weights", $"{JsonName.Of(stored.Type)}, block {stored.Block}, worst relative error {WorstError:E2}");
        foreach (StoredMatrix matrix in stored.StoredOtherwise ?? [])
            Row("", $"but {matrix.Name}: {JsonName.Of(matrix.Type)}, block {matrix.Block}");
        Row("attention", $"{JsonName.Of(c.Attention)} products");
        Row("golden", $"{file.Golden.Count} vectors; 'gau verify' runs them");
        Row("tier", $"{model.Tier}, of {string.Join(", ", KernelTiers.Available)}");
        foreach ((string tier, string fault) in KernelTiers.Unavailable)
            Row("", $"not {tier}: {fault}");
        Row("threads", $"{threads}");
        foreach (TensorLine tensor in tensors)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{tensor.Name,-32} {tensor.Type,-5} {tensor.ShapeText,-16} {tensor.Bytes,12} bytes  ");
            text.Append(
                CultureInfo.InvariantCulture,
                $"relative error {tensor.RelativeError:E2}  largest {tensor.MaxError:E2}\n");
        }
        return text.ToString();
    }

    private static void AddCalibration(HeadCalibration calibration, Action<string, FormattableString> row)
    {
        row("calibration", $"temperature {calibration.Temperature}, fitted to {calibration.Records} records");
        row("", $"its error there {Percent.Of(calibration.ErrorAfter)}, without {Percent.Of(calibration.ErrorBefore)}");
        row("", $"data {string.Join(", ", calibration.Data)}; hash {calibration.DataHash}");
        if (calibration.Thresholds is not { } thresholds)
            return;
        IEnumerable<string> shown = thresholds.Select(
            threshold => threshold?.ToString("0.####", CultureInfo.InvariantCulture) ?? "never");
        string metric = calibration.Precision is { } precision ? $"precision {Percent.Of(precision)}" : "F1";
        row("thresholds", $"{string.Join(", ", shown)}; for {metric} of each label");
    }

    private void WriteTensors(Utf8JsonWriter json)
    {
        json.WriteStartArray("tensors"u8);
        foreach (TensorLine tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("type"u8, tensor.Type);
            json.WriteNumber("block"u8, tensor.Block);
            json.WriteStartArray("shape"u8);
            foreach (int dimension in tensor.Shape)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteNumber("bytes"u8, tensor.Bytes);
            json.WriteNumber("relative_error"u8, tensor.RelativeError);
            json.WriteNumber("max_error"u8, tensor.MaxError);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static TensorLine Line(
        TensorSpec spec, StoredMatrix storage, Dictionary<string, TensorReport> errors)
    {
        int[] shape = spec.Role == TensorRole.Rows && spec.Rows == 1 ? [spec.Columns] : [spec.Rows, spec.Columns];
        TensorReport? error = errors.GetValueOrDefault(spec.Name);
        return new TensorLine(
            spec.Name,
            shape,
            JsonName.Of(storage.Type),
            storage.Block,
            StoredTensors.For(spec, storage).Sum((TensorEntry e) => e.ByteLength),
            error?.RelativeError ?? 0,
            error?.MaxError ?? 0);
    }

    /// <summary>A tensor as it is stored, with what storing it cost (0 for float).</summary>
    private sealed record TensorLine(
        string Name, int[] Shape, string Type, int Block, long Bytes, double RelativeError, double MaxError)
    {
        public string ShapeText => $"[{string.Join(", ", Shape)}]";
    }
}
