using GauRuntime.Heads;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Forward;

/// <summary>Runs a model over the rows of a case and writes what it gives.</summary>
/// <remarks>
/// A masked position is absent from the batch, the others keep their positions. Masked positions of the output are 0.
/// </remarks>
internal sealed class ForwardPass : IDisposable
{
    private readonly GauModel _model;
    private readonly ForwardCase _input;
    private readonly bool _withMaskedLm;
    private readonly bool[] _keys;
    private readonly int _n;
    private readonly GauBatch _batch = new();
    private readonly GauWorkspace _workspace;

    /// <summary>Checks the case against the model.</summary>
    /// <exception cref="GauFormatException">The case does not fit the model; the message tells where.</exception>
    public ForwardPass(GauModel model, ForwardCase input, bool withMaskedLm)
    {
        _model = model;
        _input = input;
        _withMaskedLm = withMaskedLm;
        _n = input.Ids.Shape[^1];
        CheckShape();
        CheckRange(input.Ids, model.Config.VocabSize, "the vocabulary");
        if (input.Segments is not null)
            CheckRange(input.Segments, Math.Max(1, model.Config.SegmentCount), "the segments");
        _keys = KeyMask.Of(input, model.Config);
        if (PoolsFirst)
            CheckFirstPositions();
        _workspace = new GauWorkspace(model);
    }

    /// <summary>The tensors of the output.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Tensors
    {
        get
        {
            long[] rows = [.. _input.Ids.Shape.Select(d => (long)d)];
            List<(string Name, long[] Shape)> tensors = [("hidden", [.. rows, _model.Config.HiddenSize])];
            if (_withMaskedLm)
                tensors.Add(("mlm_logits", [.. rows, _model.Config.VocabSize]));
            long outputs = _model.Head.OutputCount;
            if (_model.Head.Kind != HeadKind.MaskedLm)
            {
                tensors.Add(("logits", _model.Head.Kind switch
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
        _model.Head is { Kind: HeadKind.SequenceClassification or HeadKind.MultipleChoice, Pooling: Pooling.First };

    /// <summary>Computes and writes row after row.</summary>
    public void Write(ForwardOutput output, CancellationToken cancel)
    {
        for (int row = 0; row < _keys.Length / _n; row++)
        {
            cancel.ThrowIfCancellationRequested();
            int[] positions = [.. Enumerable.Range(0, _n).Where(p => _keys[row * _n + p])];
            int[] ids = [.. positions.Select(p => _input.Ids.Values[row * _n + p])];
            int[] segments = _input.Segments is { } all ? [.. positions.Select(p => all.Values[row * _n + p])] : [];
            _batch.Clear();
            _batch.Add(ids, segments, positions);
            GauEncoder.Forward(_model, _batch, _workspace);
            WriteTokens(row, positions, output);
            if (_model.Head.Kind is HeadKind.SequenceClassification or HeadKind.MultipleChoice)
            {
                float[] logits = new float[_model.Head.OutputCount];
                ClassifierHead.SequenceLogits(_model, _workspace, _batch, 0, logits);
                output.Write("logits", (long)row * logits.Length, logits);
            }
        }
    }

    public void Dispose() => _workspace.Dispose();

    private void WriteTokens(int row, int[] positions, ForwardOutput output)
    {
        float[] vocabulary = _withMaskedLm ? new float[_model.Config.VocabSize] : [];
        float[] logits = _model.Head.Kind is HeadKind.TokenClassification or HeadKind.QuestionAnswering
            ? new float[_model.Head.OutputCount]
            : [];
        for (int token = 0; token < positions.Length; token++)
        {
            long at = (long)row * _n + positions[token];
            output.Write("hidden", at * _model.Config.HiddenSize, _workspace.Hidden(token));
            if (vocabulary.Length > 0)
            {
                MaskedLmHead.Logits(_model, _workspace, [token], vocabulary);
                output.Write("mlm_logits", at * vocabulary.Length, vocabulary);
            }
            if (logits.Length > 0)
            {
                ClassifierHead.TokenLogits(_model, _workspace, token, logits);
                output.Write("logits", at * logits.Length, logits);
            }
        }
    }

    private void CheckShape()
    {
        int rank = _model.Head.Kind == HeadKind.MultipleChoice ? 3 : 2;
        string expected = rank == 3 ? "[batch, choices, tokens]" : "[batch, tokens]";
        if (_input.Ids.Shape.Length != rank)
            throw Fault("input_ids", $"{_input.Ids.Shape.Length} dimensions; this model takes {expected}");
        if (_n > GauBatch.MaxLength)
            throw Fault("input_ids", $"rows of {_n} tokens; {GauBatch.MaxLength} is the most");
    }

    private void CheckRange(NestedNumbers numbers, int count, string of)
    {
        int index = Array.FindIndex(numbers.Values, value => value < 0 || value >= count);
        if (index >= 0)
            throw Fault(numbers.Place(index), $"{numbers.Values[index]} is outside of {of}, 0 to {count - 1}");
    }

    private void CheckFirstPositions()
    {
        for (int row = 0; row < _keys.Length / _n; row++)
        {
            if (!_keys[row * _n])
                throw Fault(_input.Ids.Place(row * _n), "position 0 is masked, and the head pools it");
        }
    }

    private GauFormatException Fault(string place, string reason) => new(_input.File, place, reason);
}
