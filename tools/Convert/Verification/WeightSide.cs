using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Verification;

/// <summary>One of two sets of weights that are compared: those of a model file, or of a checkpoint.</summary>
internal abstract class WeightSide : IDisposable
{
    /// <summary>The tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, TensorSpec> Tensors { get; }

    /// <summary>Opens what a path names.</summary>
    /// <param name="path">A model file, or a checkpoint of any kind.</param>
    /// <param name="options">How a checkpoint is understood.</param>
    public static WeightSide Open(string path, ConvertOptions options) =>
        IsModelFile(path)
            ? new FileSide(ModelFileReader.Open(path))
            : new CheckpointSide(path, options);

    /// <summary>Whether a path names a converted model.</summary>
    public static bool IsModelFile(string path) => File.Exists(path) && CheckpointSource.IsModelFileAt(path);

    /// <summary>How a tensor is stored.</summary>
    public abstract string StorageOf(TensorSpec spec);

    /// <summary>Fills a tensor's logical weights.</summary>
    public abstract void Read(TensorSpec spec, Span<float> w);

    /// <summary>Fills the step of every weight's grid, 0 for float.</summary>
    public abstract void ReadSteps(TensorSpec spec, Span<float> steps);

    public abstract void Dispose();

    private static Dictionary<string, TensorSpec> ByName(IReadOnlyList<TensorSpec> specs) =>
        specs.ToDictionary(spec => spec.Name, StringComparer.Ordinal);

    private sealed class FileSide(ModelFileReader file) : WeightSide
    {
        public override IReadOnlyDictionary<string, TensorSpec> Tensors { get; } =
            ByName(ModelTensors.For(file.Description));

        public override string StorageOf(TensorSpec spec)
        {
            StoredMatrix storage = file.StorageOf(spec);
            return storage.Type == WeightType.F32 ? "f32" : $"int8/{storage.Block}";
        }

        public override void Read(TensorSpec spec, Span<float> w) => LogicalWeights.Read(file, spec, w);

        public override void ReadSteps(TensorSpec spec, Span<float> steps) =>
            LogicalWeights.ReadSteps(file, spec, steps);

        public override void Dispose() => file.Dispose();
    }

    private sealed class CheckpointSide : WeightSide
    {
        private readonly ICheckpoint checkpoint;
        private readonly WeightReaders weights;

        public CheckpointSide(string path, ConvertOptions options)
        {
            CheckpointSource source = CheckpointSource.Find(path);
            checkpoint = source.OpenModel();
            try
            {
                ConfigFile config = Companions.Config(source, checkpoint, options.Config);
                ModelSource model = ModelSource.Read(checkpoint, config, options);
                if (Companions.FindVocabulary(source, options.Vocab) is { } vocabulary)
                {
                    int tokens = TokenizerReader.Count(source.Folder, vocabulary, options.Dialect);
                    model = model.ForTokens(tokens, config, vocabulary);
                }
                model = model.Behind(SentenceReader.ReadOf(source.Sentence, config, model.Encoder.HiddenSize));
                weights = new WeightReaders(checkpoint, model, source.Sentence);
                Tensors = ByName(model.Tensors);
            }
            catch
            {
                checkpoint.Dispose();
                throw;
            }
        }

        public override IReadOnlyDictionary<string, TensorSpec> Tensors { get; }

        public override string StorageOf(TensorSpec spec) => CheckpointSource.KindName(checkpoint.Kind);

        public override void Read(TensorSpec spec, Span<float> w) => weights.Read(spec, w);

        public override void ReadSteps(TensorSpec spec, Span<float> steps) => steps.Clear();

        public override void Dispose()
        {
            weights.Dispose();
            checkpoint.Dispose();
        }
    }
}
