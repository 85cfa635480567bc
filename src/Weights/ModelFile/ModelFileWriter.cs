using System.IO.Hashing;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Files;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Writes model files: a sibling temporary file, flushed to disk, then renamed.</summary>
internal static class ModelFileWriter
{
    /// <summary>Packs and writes a model whose matrices are all of one type.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="model">Everything but the weights.</param>
    /// <param name="type">How the matrices of the encoder are stored.</param>
    /// <param name="block">
    /// Inputs per int8 block: 32, 64, 128 or 256, or null: each as usual (<see cref="StorageScheme.Usual"/>); ignored
    /// for float.
    /// </param>
    /// <param name="read">Fills a buffer with a tensor's logical weights, row-major [out, in].</param>
    /// <param name="progress">Called after every matrix, or null.</param>
    /// <returns>The error per matrix.</returns>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static IReadOnlyList<TensorReport> Write(
        string path, ModelDescription model, WeightType type, int? block,
        Action<TensorSpec, Span<float>> read, Action<TensorReport>? progress = null) =>
        Write(path, model, StorageScheme.OfType(type, block, ModelTensors.For(model)), read, progress);

    /// <summary>Packs and writes a model.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="model">Everything but the weights.</param>
    /// <param name="scheme">How the matrices of the encoder are stored.</param>
    /// <param name="read">Fills a buffer with a tensor's logical weights, row-major [out, in].</param>
    /// <param name="progress">Called after every matrix, or null.</param>
    /// <returns>The error per matrix.</returns>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static IReadOnlyList<TensorReport> Write(
        string path, ModelDescription model, StorageScheme scheme, Action<TensorSpec, Span<float>> read,
        Action<TensorReport>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(read);
        IReadOnlyList<TensorSpec> specs = ModelTensors.For(model);
        if (scheme.Fault(model.Config, specs) is string fault)
            throw new ArgumentException(fault, nameof(scheme));
        TensorEntry[] entries = [.. specs.SelectMany(spec => StoredTensors.For(spec, scheme.Of(spec)))];

        // The header is written last, into the room it will take: hashes and errors have a known longest form.
        Quantization Scheme(IReadOnlyList<TensorReport> tensors) => new()
        {
            Type = scheme.Type, Block = scheme.Block, StoredOtherwise = scheme.OtherwiseOf(specs), Tensors = tensors,
        };
        TensorReport[] widest = [.. specs.Select(spec => new TensorReport(
            spec.Name, WeightType.Int8, long.MaxValue, -1.2345678901234567e-300, -1.2345678901234567e-300))];
        int capacity = SafetensorsWriter.WriteHeader(
            Stream.Null, entries, ModelMetadata.Create(model, Scheme(widest), [], new string('0', 32)));

        List<TensorReport> reports = [];
        using AtomicFile file = new(path, bufferSize: 0);
        PieceWriter output = new(file.Stream);
        output.Write(new byte[capacity]);
        XxHash128 hash = new();
        foreach (TensorSpec spec in specs)
        {
            float[] w = new float[checked(spec.Rows * spec.Columns)];
            read(spec, w);
            TensorReport? report = new TensorPacker(spec, scheme.Of(spec)).Pack(w, out IReadOnlyList<byte[]> parts);
            foreach (byte[] part in parts)
            {
                hash.Append(part);
                output.Write(part);
            }
            if (report is null)
                continue;
            reports.Add(report);
            progress?.Invoke(report);
        }
        output.Flush();
        file.Stream.Position = 0;
        SafetensorsWriter.WriteHeader(
            file.Stream, entries, ModelMetadata.Create(model, Scheme(reports), [], ModelMetadata.Hex(hash)), capacity);
        file.Commit(replace: true);
        return reports;
    }

    /// <summary>Writes a copy of a model file that holds golden vectors.</summary>
    /// <param name="source">An open model file.</param>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="golden">The vectors.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public static void AddGolden(ModelFileReader source, string path, IReadOnlyList<GoldenVector> golden)
    {
        ArgumentNullException.ThrowIfNull(source);
        using AtomicFile file = new(path, bufferSize: 0);
        Copy(source, file.Stream, source.Description, golden);
        file.Commit(replace: true);
    }

    /// <summary>Writes a copy of a model file whose scores are calibrated; the weights are the same bytes.</summary>
    /// <param name="source">An open model file.</param>
    /// <param name="output">Where to.</param>
    /// <param name="calibration">Fits the head.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    internal static void AddCalibration(ModelFileReader source, FileStream output, HeadCalibration calibration)
    {
        HeadConfig head = source.Description.Head with { Calibration = calibration };
        if (head.Fault() is string fault)
            throw new ArgumentException(fault, nameof(calibration));
        // Golden vectors hold hidden states and the bits of logits, which are what they were.
        Copy(source, output, source.Description with { Head = head }, source.Golden);
    }

    private static void Copy(
        ModelFileReader source, FileStream stream, ModelDescription model, IReadOnlyList<GoldenVector> golden)
    {
        SafetensorsFile container = source.Container;
        PieceWriter output = new(stream);
        using MemoryStream header = new();
        SafetensorsWriter.WriteHeader(
            header, container.Tensors, ModelMetadata.Create(model, source.Quantization, golden, source.Hash));
        output.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        foreach (TensorEntry tensor in container.Tensors)
            output.Write(container.Span(tensor));
        output.Flush();
    }
}
