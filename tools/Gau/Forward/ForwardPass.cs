using GauRuntime.Heads;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Forward;

/// <summary>Runs a model over the rows of a case and writes what it gives.</summary>
/// <remarks>
/// A masked position is absent from the batch, the others keep their positions. Masked positions of the output are 0.
/// </remarks>
internal sealed class ForwardPass : IDisposable
{
    private readonly GauModel model;
    private readonly ForwardCase input;
    private readonly bool withMaskedLm;
    private readonly bool[] keys;
    private readonly int n;
    private readonly GauBatch batch = new();
    private readonly GauWorkspace workspace;

    /// <summary>Checks the case against the model.</summary>
    /// <exception cref="GauFormatException">The case does not fit the model; the message tells where.</exception>
    public ForwardPass(GauModel model, ForwardCase input, bool withMaskedLm)
    {
        this.model = model;
        this.input = input;
        this.withMaskedLm = withMaskedLm;
        n = input.Ids.Shape[^1];
        CheckShape();
        CheckRange(input.Ids, model.Config.VocabSize, "the vocabulary");
        if (input.Segments is not null)
            CheckRange(input.Segments, Math.Max(1, model.Config.SegmentCount), "the segments");
        keys = KeyMask.Of(input, model.Config);
        if (PoolsFirst)
            CheckFirstPositions();
        workspace = new GauWorkspace(model);
    }

    /// <summary>The tensors of the output.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Tensors
    {
        get
        {
            long[] rows = [.. input.Ids.Shape.Select(d => (long)d)];
            List<(string Name, long[] Shape)> tensors = [("hidden", [.. rows, model.Config.HiddenSize])];
            if (withMaskedLm)
                tensors.Add(("mlm_logits", [.. rows, model.Config.VocabSize]));
            long outputs = model.Head.OutputCount;
            if (model.Head.Kind != HeadKind.MaskedLm)
            {
                tensors.Add(("logits", model.Head.Kind switch
                {
                    HeadKind.SequenceClassification => [rows[0], outputs],
                    HeadKind.MultipleChoice => rows[..2],
                    _ => [.. rows, outputs],
                }));
            }
            return tensors;
        }
    }

    private bool PoolsFirst =>
        model.Head is { Kind: HeadKind.SequenceClassification or HeadKind.MultipleChoice, Pooling: Pooling.First };

    /// <summary>Computes and writes row after row.</summary>
    public void Write(ForwardOutput output, CancellationToken cancel)
    {
        for (int row = 0; row < keys.Length / n; row++)
        {
            cancel.ThrowIfCancellationRequested();
            int[] positions = [.. Enumerable.Range(0, n).Where(p => keys[row * n + p])];
            int[] ids = [.. positions.Select(p => input.Ids.Values[row * n + p])];
            int[] segments = input.Segments is { } all ? [.. positions.Select(p => all.Values[row * n + p])] : [];
            batch.Clear();
            batch.Add(ids, segments, positions);
            GauEncoder.Forward(model, batch, workspace);
            WriteTokens(row, positions, output);
            if (model.Head.Kind is HeadKind.SequenceClassification or HeadKind.MultipleChoice)
            {
                float[] logits = new float[model.Head.OutputCount];
                ClassifierHead.SequenceLogits(model, workspace, batch, 0, logits);
                output.Write("logits", (long)row * logits.Length, logits);
            }
        }
    }

    public void Dispose() => workspace.Dispose();

    private void WriteTokens(int row, int[] positions, ForwardOutput output)
    {
        float[] vocabulary = withMaskedLm ? new float[model.Config.VocabSize] : [];
        float[] logits = model.Head.Kind is HeadKind.TokenClassification or HeadKind.QuestionAnswering
            ? new float[model.Head.OutputCount]
            : [];
        for (int token = 0; token < positions.Length; token++)
        {
            long at = (long)row * n + positions[token];
            output.Write("hidden", at * model.Config.HiddenSize, workspace.Hidden(token));
            if (vocabulary.Length > 0)
            {
                MaskedLmHead.Logits(model, workspace, [token], vocabulary);
                output.Write("mlm_logits", at * vocabulary.Length, vocabulary);
            }
            if (logits.Length > 0)
            {
                ClassifierHead.TokenLogits(model, workspace, token, logits);
                output.Write("logits", at * logits.Length, logits);
            }
        }
    }

    private void CheckShape()
    {
        int rank = model.Head.Kind == HeadKind.MultipleChoice ? 3 : 2;
        string expected = rank == 3 ? "[batch, choices, tokens]" : "[batch, tokens]";
        if (input.Ids.Shape.Length != rank)
            throw Fault("input_ids", $"{input.Ids.Shape.Length} dimensions; this model takes {expected}");
        if (n > model.MaxTokens)
            throw Fault("input_ids", $"rows of {n} tokens; {model.MaxTokens} is the most");
        if (withMaskedLm && !model.Config.HasMaskedLm)
            throw new ToolException(ExitCode.Usage, "--mlm: the model has no masked LM");
    }

    private void CheckRange(NestedNumbers numbers, int count, string of)
    {
        int index = Array.FindIndex(numbers.Values, value => value < 0 || value >= count);
        if (index >= 0)
            throw Fault(numbers.Place(index), $"{numbers.Values[index]} is outside of {of}, 0 to {count - 1}");
    }

    private void CheckFirstPositions()
    {
        for (int row = 0; row < keys.Length / n; row++)
        {
            if (!keys[row * n])
                throw Fault(input.Ids.Place(row * n), "position 0 is masked, and the head pools it");
        }
    }

    private GauFormatException Fault(string place, string reason) => new(input.File, place, reason);
}
