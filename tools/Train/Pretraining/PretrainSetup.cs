using System.Security.Cryptography;
using System.Text;
using GauRuntime.Convert.Conversion;
using GauRuntime.Convert.Verification;
using GauRuntime.Text;
using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Output;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Pretraining;

/// <summary>What a command line names, read and checked: corpus, tokens, encoder, and the plan of the run.</summary>
internal sealed class PretrainSetup : IDisposable
{
    /// <summary>Tokens of held-out texts that are evaluated on at most, so that evaluations stay short.</summary>
    public const int MostHeldOut = 1 << 15;

    private readonly PretrainOptions options;
    private readonly Corpus corpus;
    private readonly ModelDescription model;

    private PretrainSetup(
        PretrainOptions options, Corpus corpus, ModelDescription model, PretrainingData data, PretrainPlan plan,
        Device device)
    {
        (this.options, this.corpus, this.model) = (options, corpus, model);
        (Data, Plan, Device) = (data, plan, device);
    }

    /// <summary>The samples.</summary>
    public PretrainingData Data { get; }

    /// <summary>The plan; its updates are 0 where the budget is in hours.</summary>
    public PretrainPlan Plan { get; }

    /// <summary>Where it is computed.</summary>
    public Device Device { get; }

    /// <summary>Reads all that is named.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="folder">Where a copy of the corpus lies while the process runs.</param>
    /// <param name="messages">Where to say what was found.</param>
    /// <exception cref="GauFormatException">A file is malformed, or does not fit what is asked for.</exception>
    /// <exception cref="ToolException">The command line asks for what cannot be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PretrainSetup Read(PretrainOptions options, WorkFolder folder, PretrainMessages messages)
    {
        Vocabulary? vocabulary = options.Vocab is { } path ? Vocabulary.Read(path) : null;
        Device device = DeviceName.Parse(options.Device).Open();
        set_num_threads(options.Threads);
        ModelDescription? known = options.From is { } from ? Describe(from, options, device, messages) : null;
        Corpus corpus = ReadCorpus(options, folder, messages);
        try
        {
            ModelDescription model = known ?? Create(options, vocabulary ?? Build(options, corpus, messages));
            RequireFit(options, model);
            TrainingMemory.Require(
                TrainingMemory.BytesOf(model, ScalarType.Float32, TrainingMemory.OptimizerStates), device);
            PretrainingData data = new(
                corpus, new GauTokenizer(model.Vocabulary, model.Tokenizer), options.CreateSegmenter(corpus),
                options.MaxLength);
            if (data.Beyond > 0)
                messages.Note(Beyond(data, options));
            int longest = data.Lengths.ToArray().Select(length => (int)length).DefaultIfEmpty(1).Max();
            TrainingMemory.Require(
                TrainingMemory.BytesOf(
                    model, ScalarType.Float32, TrainingMemory.OptimizerStates,
                    Math.Max(1, options.BatchTokens / longest), longest),
                device);
            messages.Note($"{data.Count} pieces of text to train on, {data.HeldOutCount} held out, "
                + $"{data.Lengths.ToArray().Sum(length => (long)length)} tokens an epoch");
            PretrainPlan plan = PlanOf(options, model, corpus, data);
            if (plan.Updates > 0)
                Schedules.Of(plan.Schedule).RequireRate(plan.Updates);
            return new PretrainSetup(options, corpus, model, data, plan, device);
        }
        catch
        {
            corpus.Dispose();
            throw;
        }
    }

    /// <summary>The model before the first update.</summary>
    public TrainableModel CreateModel()
    {
        if (options.From is not { } from)
            return TrainableModel.Create(model, options.Seed, Device, ScalarType.Float32);
        TrainableModel read = TrainableModel.Load(from, Device, ScalarType.Float32);
        if (read.Description.Head.Kind == HeadKind.MaskedLm)
            return read;
        using (read)
            return read.WithHead(model.Head, options.Seed);
    }

    /// <summary>Micro-batches from a place on.</summary>
    public BatchStream Batches(BatchPosition from) => new(
        epoch => Data.Plan(Plan.BatchTokens, Plan.Seed, epoch).Batches,
        (epoch, piece) => Data.Sample(Plan.Seed, epoch, piece), from);

    /// <summary>
    /// The held-out samples that are evaluated on, those of about one length together: a random choice where they have
    /// more than <see cref="MostHeldOut"/> tokens, but one in any case.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<MaskedSample>> HeldOut()
    {
        List<IReadOnlyList<MaskedSample>> batches = [];
        List<MaskedSample> batch = [];
        long tokens = 0;
        foreach (MaskedSample sample in Enumerable.Range(0, Data.HeldOutCount)   // in random order
            .Select(piece => Data.HeldOut(Plan.Seed, piece)).OfType<MaskedSample>()
            .TakeWhile(sample => (tokens += sample.Source.Length) <= MostHeldOut || tokens == sample.Source.Length)
            .OrderBy(sample => sample.Source.Length))
        {
            if (batch.Count > 0 && (batch.Count + 1L) * sample.Source.Length > Plan.BatchTokens)
            {
                batches.Add(batch);
                batch = [];
            }
            batch.Add(sample);
        }
        return batch.Count == 0 ? batches : [.. batches, batch];
    }

    /// <inheritdoc/>
    public void Dispose() => corpus.Dispose();

    private static Corpus ReadCorpus(PretrainOptions options, WorkFolder folder, PretrainMessages messages)
    {
        Documents documents = options.Corpus;
        Corpus corpus = Corpus.Read(
            documents.Read(),
            new CorpusLayout(options.Piece, options.HeldOut, options.Seed, options.HasWords),
            folder.Root);
        foreach (string note in documents.Notes.Concat(documents.Rejects.Lines(3)))
            messages.Note(note);
        messages.Note($"{documents.Count} documents, {documents.Empty} empty, {documents.Rejects.Records} rejected");
        return corpus;
    }

    private static string Beyond(PretrainingData data, PretrainOptions options)
    {
        long read = data.Lengths.ToArray().Sum(length => length - 2L);
        return $"{data.Beyond} tokens ({Percent.Of((double)data.Beyond / (data.Beyond + read))}) at the ends of pieces "
            + $"of {options.Piece} characters are beyond --max-length and not read; --piece {options.MaxLength - 2} "
            + "makes shorter pieces";
    }

    private static Vocabulary Build(PretrainOptions options, Corpus corpus, PretrainMessages messages)
    {
        VocabularyBuilder builder = new();
        foreach (string text in corpus.Texts)
            builder.Add(text);
        Vocabulary built = builder.Build(options.VocabSize, options.LeastCount);
        messages.Note($"a vocabulary of {built.Tokens.Count} tokens is built, which has "
            + $"{Percent.Of((double)builder.Covered / Math.Max(builder.Characters, 1))} of the characters");
        return built;
    }

    // A checkpoint to go on from, whose head, if it has one, is left out.
    private static ModelDescription Describe(
        string from, PretrainOptions options, Device device, PretrainMessages messages)
    {
        using TrainableModel read = TrainableModel.Load(from, device, ScalarType.Float32);
        ModelDescription found = read.Description;
        options.Sizes.RequireSame(from, found.Config);
        if (!found.Config.HasMaskedLm)
            throw new ToolException(
                ExitCode.Usage, $"{from}: it has no masked LM, which is what pretraining trains", from);
        if (read.IsRounded)
            messages.Note($"{from} holds 8-bit numbers: the weights start as these were rounded");
        if (read.WasEmbedder)
            messages.Note($"{from} says how vectors are made, which is left out");
        if (found.Head.Kind == HeadKind.MaskedLm)
            return found;
        messages.Note($"the head of {from} is left out: it is not trained with the masked LM");
        return found with { Head = NoHead };
    }

    private static ModelDescription Create(PretrainOptions options, Vocabulary vocabulary)
    {
        int tokens = vocabulary.Tokens.Count;
        ModelConfig config = options.Config is { } path
            ? options.Sizes.Read(path, tokens)
            : options.Sizes.Create(tokens, options.MaxLength);
        return new ModelDescription
        {
            Config = config,
            Head = NoHead,
            Tokenizer = Vocabulary.Rules,
            Vocabulary = vocabulary.Tokens,
            Provenance = new Provenance
            {
                SourceKind = "safetensors", SourceSha256 = "", Converter = Program, Options = "pretrain", Date = "",
            },
        };
    }

    private static void RequireFit(PretrainOptions options, ModelDescription model)
    {
        if (model.Config.MaxTokens is { } most && options.MaxLength > most)
            throw new ToolException(
                ExitCode.Usage, $"--max-length {options.MaxLength}: the model has {most} positions");
        if (model.Vocabulary[0] != model.Tokenizer.Names.Pad)
            throw new GauFormatException(
                options.From ?? "", "vocabulary",
                $"training needs {model.Tokenizer.Names.Pad} as the first token, not '{model.Vocabulary[0]}'");
        if (TrainedCheckpoint.Fault(model) is { } reason)
            throw new ToolException(ExitCode.Usage, $"{options.From}: {reason}", options.From);
        string[] names = [.. ModelTensors.For(model).Select(spec => spec.Name)];
        _ = NamePatterns.Others("--no-decay", options.Lamb.NoDecay, names);
        _ = NamePatterns.Others("--no-adapt", options.Lamb.NoAdapt, names);
    }

    private static PretrainPlan PlanOf(
        PretrainOptions options, ModelDescription model, Corpus corpus, PretrainingData data) => new()
        {
            Program = Program,
            Model = model.Config,
            Vocabulary = Sha256(string.Join('\n', model.Vocabulary) + "\n" + PlanJson.Of(model.Tokenizer)),
            From = options.From is { } from ? HashOf(from) : null,
            Corpus = corpus.Digest,
            Segmenter = options.Segmenter,
            Words = options.Words is { } words ? Sha256(string.Join('\n', words.Words)) : null,
            MaxLength = options.MaxLength,
            BatchTokens = options.BatchTokens,
            Accumulate = options.Accumulate,
            Rate = options.Rate,
            Schedule = options.Schedule,
            HiddenDropout = options.HiddenDropout,
            AttentionDropout = options.AttentionDropout,
            Lamb = options.Lamb,
            Budget = options.Budget.ToString(),
            Updates = options.Budget.Unit switch
            {
                BudgetUnit.Updates => (long)options.Budget.Amount,
                BudgetUnit.Tokens => Budget.UpdatesOfTokens(
                    options.Budget.Amount, data.Lengths.ToArray().Sum(length => (long)length),
                    data.Plan(options.BatchTokens, options.Seed, 0).Batches.Length, options.Accumulate),
                _ => 0,
            },
            EvaluateEvery = options.EvaluateEvery,
            HeldOut = options.HeldOut,
            Seed = options.Seed,
            Threads = options.Threads,
            Device = options.Device,
        };

    private static string Program =>
        $"{ModelCard.Program.What} {ModelCard.Program.Value}, libtorch {__version__}";

    private static HeadConfig NoHead { get; } = new()
    {
        Kind = HeadKind.MaskedLm, Labels = [], Pooling = Pooling.First, HasDense = false,
        DenseActivation = Activation.Identity, ProblemType = ProblemType.SingleLabel, Segments = SegmentPolicy.Zeros,
    };

    private static string HashOf(string checkpoint) => WeightSide.IsModelFile(checkpoint)
        ? SourceHash.Of([checkpoint]) : SourceHash.Of(CheckpointSource.Find(checkpoint));

    private static string Sha256(string text) =>
        System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
