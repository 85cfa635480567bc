using System.Diagnostics;
using GauRuntime.Desktop.Server;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Text;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Desktop.Typing;

/// <summary>Answers texts that are being typed, with one model.</summary>
/// <remarks>Thread-safe: the classes of the library are, and what is not has a lock.</remarks>
internal sealed class TypingSession : IDisposable
{
    /// <summary>Where texts are cut: what is typed is looked at token by token.</summary>
    public const int MostTokens = TextExplanation.MostTokens;

    private const int ShownLabels = 20, ShownTokens = 5;
    private const string Mask = "[MASK]";

    private readonly Lock explaining = new();
    private readonly Lazy<WorkerPool> pool =
        new(() => new WorkerPool(ThreadLimit.Of(Environment.GetEnvironmentVariable)));
    private readonly GauModel model;
    private readonly int most;
    private readonly GauClassifier? classifier;
    private readonly GauTokenClassifier? entities;
    private readonly GauQuestionAnswering? answers;
    private readonly GauFillMask? masks;

    public TypingSession(GauModel model)
    {
        this.model = model;
        most = Math.Min(MostTokens, model.UsualMaxTokens);
        HeadKind kind = model.Head.Kind;
        classifier = kind == HeadKind.SequenceClassification ? new GauClassifier(model, most) : null;
        entities = kind == HeadKind.TokenClassification ? new GauTokenClassifier(model, most) : null;
        answers = kind == HeadKind.QuestionAnswering ? new GauQuestionAnswering(model, most) : null;
        masks = model.Config.HasMaskedLm ? new GauFillMask(model, most) : null;
    }

    /// <summary>Tokens, labels, entities, filled masks and the answer to a question.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TypingAnswer Answer(string text, string? pair, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        bool hasMasks = masks is not null && (Has(text) || pair is not null && Has(pair));
        EncodedText encoded = Encode(text, pair, hasMasks);
        cancel.ThrowIfCancellationRequested();
        IReadOnlyList<TypedScore> scores = [];
        IReadOnlyList<TypedEntity> found = [];
        TypedSpan? span = null;
        if (classifier is not null)
        {
            Classification answer = pair is null
                ? classifier.Classify([text], null, cancel)[0]
                : classifier.Classify([(text, pair)], null, cancel)[0];
            scores =
            [
                .. answer.Top(ShownLabels, float.NegativeInfinity)
                    .Select(label => new TypedScore(label.Label, label.Score)),
            ];
        }
        if (entities is not null)
        {
            TokenClassification answer = pair is null
                ? entities.Classify([text], null, cancel)[0]
                : entities.Classify([(text, pair)], null, cancel)[0];
            found = [.. answer.Entities.Select(e => new TypedEntity(e.Label, e.Score, e.InPair, e.Start, e.End))];
        }
        if (answers is not null && pair is not null)
        {
            TextAnswer answer = answers.Answer([(text, pair)], null, cancel)[0];
            span = new TypedSpan(answer.Found, answer.Start, answer.End, answer.Score);
        }
        cancel.ThrowIfCancellationRequested();
        IReadOnlyList<TypedMask> filled = hasMasks ? Fill(text, pair) : [];
        return new TypingAnswer(
            Tokens(encoded), encoded.TotalTokens, encoded.Truncated, scores, found, filled, span,
            Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 2));
    }

    /// <summary>How the score of the best label changes without each token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="progress">Told before the first pass and after each how many of how many tokens are done.</param>
    /// <exception cref="Scoring.ScoringException">The model is no classifier.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExplanationAnswer Explain(
        string text, string? pair, CancellationToken cancel, Action<int, int>? progress = null)
    {
        lock (explaining)
        {
            TextExplanation explanation = TextExplanation.Of(
                model, text, pair, most, Occlusion.Mask, pool.Value, progress, cancel);
            bool isValue = model.Head.ProblemType == ProblemType.Regression;
            return new ExplanationAnswer(
                isValue ? null : model.Head.Labels[explanation.Best], explanation.Score,
                [
                    .. explanation.Tokens.Where(token => token.Without is not null).Select(token =>
                        new TypedChange(token.Text, token.Start, token.End, token.Without!.Value - explanation.Score)),
                ]);
        }
    }

    /// <summary>A layer's attention weights; those of all heads of it together where none is named.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="layer">Which layer, from 0.</param>
    /// <param name="head">Which head, from 0; −1: their mean.</param>
    /// <param name="cancel">Ends it.</param>
    public AttentionAnswer Attend(string text, string? pair, int layer, int head, CancellationToken cancel)
    {
        lock (explaining)
        {
            EncodedText encoded = Encode(text, pair, parsesSpecial: false);
            GauBatch batch = new();
            batch.Add(encoded.Ids, encoded.Segments);
            using GauWorkspace workspace = new(model, pool.Value);
            AttentionMaps maps = new();
            workspace.Maps = maps;
            workspace.CancellationToken = cancel;
            GauEncoder.Forward(model, batch, workspace);
            float[] weights = Weights(maps, layer, head);
            float greatest = weights.Max();
            string[] tokens = new string[encoded.Ids.Length];
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = model.Tokenizer.Token(encoded.Ids[i]);
            return new AttentionAnswer(tokens, [.. weights.Select(weight => Shade(weight, greatest))], greatest);
        }
    }

    public void Dispose()
    {
        lock (explaining)
        {
            if (pool.IsValueCreated)
                pool.Value.Dispose();
        }
    }

    private static byte Shade(float weight, float greatest) =>
        greatest > 0 ? (byte)Math.Round(255 * Math.Max(0, weight) / greatest) : (byte)0;

    private static bool Has(string text) => text.Contains(Mask, StringComparison.Ordinal);

    private static float[] Weights(AttentionMaps maps, int layer, int head)
    {
        int n = maps.Tokens, heads = head < 0 ? maps.Heads : 1;
        float[] weights = new float[n * n];
        for (int h = 0; h < heads; h++)
        {
            for (int query = 0; query < n; query++)
            {
                ReadOnlySpan<float> row = maps.Row(layer, head < 0 ? h : head, query);
                for (int key = 0; key < n; key++)
                    weights[query * n + key] += row[key] / heads;
            }
        }
        return weights;
    }

    private EncodedText Encode(string text, string? pair, bool parsesSpecial)
    {
        EncodedText encoded = new();
        if (pair is null)
            model.Tokenizer.Encode(text, encoded, most, parsesSpecial);
        else
            model.Tokenizer.EncodePair(text, pair, encoded, model.Head.Segments, most, parsesSpecial);
        return encoded;
    }

    private TypedToken[] Tokens(EncodedText encoded)
    {
        TypedToken[] tokens = new TypedToken[encoded.Ids.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            TokenSpan span = encoded.Spans[i];
            tokens[i] = new TypedToken(model.Tokenizer.Token(encoded.Ids[i]), span.Text, span.Start, span.End);
        }
        return tokens;
    }

    private TypedMask[] Fill(string text, string? pair)
    {
        FilledText filled;
        try
        {
            filled = pair is null ? masks!.Fill(text, ShownTokens) : masks!.Fill(text, pair, ShownTokens);
        }
        catch (GauTextException)
        {
            return [];   // it stands behind what was cut
        }
        return
        [
            .. filled.Masks.Select(mask => new TypedMask(
                mask.InPair, mask.Start, [.. mask.Tokens.Select(t => new TypedScore(t.Token, t.Probability))])),
        ];
    }
}
