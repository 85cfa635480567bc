using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Scoring;
using GauRuntime.Text;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Explanation;

/// <summary>A classifier's answer to one text, what it rests on, and where each layer looked.</summary>
/// <remarks>Memory: layers · heads · n² floats, n ≤ <see cref="MostTokens"/>.</remarks>
internal sealed class TextExplanation
{
    /// <summary>The most tokens of a text: more cannot be looked at.</summary>
    public const int MostTokens = 512;

    private const int BatchTokens = 2048;

    private readonly float[] maps;   // [layers, n, n], the mean over heads

    private TextExplanation(GauModel model, EncodedText encoded, float[] answer, AttentionMaps attention)
    {
        Head = model.Head;
        Config = model.Config;
        TotalTokens = encoded.TotalTokens;
        Answer = answer;
        Best = Probabilities.Best(answer);
        maps = Mean(attention);
    }

    /// <summary>The model's head.</summary>
    public HeadConfig Head { get; }

    /// <summary>The model's sizes.</summary>
    public ModelConfig Config { get; }

    /// <summary>The first text.</summary>
    public required string Text { get; init; }

    /// <summary>The second text, or null.</summary>
    public required string? Pair { get; init; }

    /// <summary>How characters were taken away.</summary>
    public required Occlusion Occlusion { get; init; }

    /// <summary>The tokens, [CLS] and [SEP] included.</summary>
    public required IReadOnlyList<ExplainedToken> Tokens { get; init; }

    /// <summary>Tokens of the whole text; what is more than <see cref="Tokens"/> was cut.</summary>
    public int TotalTokens { get; }

    /// <summary>The probability of every label, or the value of a regression.</summary>
    public IReadOnlyList<float> Answer { get; }

    /// <summary>The label that won; 0 in a regression.</summary>
    public int Best { get; }

    /// <summary>Its probability, or the value.</summary>
    public float Score => Answer[Best];

    /// <summary>How much of every token a token takes in a layer, the mean over heads [tokens].</summary>
    public ReadOnlySpan<float> Attention(int layer, int query) =>
        maps.AsSpan((layer * Tokens.Count + query) * Tokens.Count, Tokens.Count);

    /// <summary>Explains a text.</summary>
    /// <param name="model">A model with a sequence classifier.</param>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null.</param>
    /// <param name="maxLength">Longer texts are cut to so many tokens.</param>
    /// <param name="occlusion">How characters are taken away.</param>
    /// <param name="pool">Who computes, or null: this thread.</param>
    /// <param name="progress">Told now and then how many of how many tokens have been taken away; or null.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ScoringException">The model has another head, or gives numbers that are not finite.</exception>
    public static TextExplanation Of(
        GauModel model, string text, string? pair, int maxLength, Occlusion occlusion, WorkerPool? pool,
        Action<int, int>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, MostTokens);
        if (model.Head.Kind != HeadKind.SequenceClassification)
            throw new ScoringException(
                ScoringFault.Usage, "explain needs a model with a sequence classifier; this one's head is another");
        using GauWorkspace workspace = new(model, pool);
        OccludedTexts texts = new(model, text, pair, maxLength, occlusion);
        AttentionMaps attention = new();
        workspace.Maps = attention;
        workspace.CancellationToken = cancel;
        LabelHead head = new(model);
        AnswerPass pass = new();
        LabelAnswer answer = new();
        pass.Compute(head, texts.Batch([-1]), workspace);
        float[] whole = Read(head, pass, 0, answer).ToArray();
        workspace.Maps = null;

        int best = answer.Best;
        float?[] without = new float?[texts.Whole.Ids.Length];
        List<int> waiting = [];
        int done = 0, all = Taken(texts.Whole);
        progress?.Invoke(done, all);
        void ComputeWaiting()
        {
            pass.Compute(head, texts.Batch(waiting), workspace);
            for (int i = 0; i < waiting.Count; i++)
                without[waiting[i]] = Read(head, pass, i, answer)[best];
            done += waiting.Count;
            waiting.Clear();
            progress?.Invoke(done, all);
        }

        for (int token = 0; token < without.Length; token++)
        {
            if (texts.Whole.Spans[token].Text >= 0)
                waiting.Add(token);
            if (waiting.Count > 0
                && ((waiting.Count + 1) * without.Length > BatchTokens || token == without.Length - 1))
                ComputeWaiting();
        }
        return new TextExplanation(model, texts.Whole, whole, attention)
        {
            Text = text, Pair = pair, Occlusion = occlusion, Tokens = Describe(model, texts.Whole, without),
        };
    }

    // Tokens that can be taken away: all but special ones.
    private static int Taken(EncodedText encoded)
    {
        int count = 0;
        foreach (TokenSpan span in encoded.Spans)
            count += span.Text >= 0 ? 1 : 0;
        return count;
    }

    private static ExplainedToken[] Describe(GauModel model, EncodedText encoded, float?[] without)
    {
        ExplainedToken[] tokens = new ExplainedToken[without.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            TokenSpan span = encoded.Spans[i];
            tokens[i] = new ExplainedToken(
                model.Tokenizer.Token(encoded.Ids[i]), span.Text, span.Start, span.End, without[i]);
        }
        return tokens;
    }

    private static ReadOnlySpan<float> Read(LabelHead head, AnswerPass pass, int text, LabelAnswer answer)
    {
        head.Fill(pass, text, answer);
        return answer.Error is null ? answer.Values : throw new ScoringException(ScoringFault.Usage, answer.Error);
    }

    private static float[] Mean(AttentionMaps attention)
    {
        int n = attention.Tokens;
        float[] mean = new float[attention.Layers * n * n];
        for (int layer = 0; layer < attention.Layers; layer++)
        {
            for (int head = 0; head < attention.Heads; head++)
            {
                for (int query = 0; query < n; query++)
                {
                    ReadOnlySpan<float> row = attention.Row(layer, head, query);
                    Span<float> to = mean.AsSpan((layer * n + query) * n, n);
                    for (int key = 0; key < n; key++)
                        to[key] += row[key] / attention.Heads;
                }
            }
        }
        return mean;
    }
}
