using System.Buffers;
using System.Text.Unicode;
using GauRuntime.Answers;

namespace GauRuntime.Sessions;

/// <summary>What one caller at a time takes texts to answers with: buffers that grow to what was needed.</summary>
/// <remarks>
/// Clear, Add any number of inputs, Forward, then ask for the answer to each. Warm, it allocates nothing.
/// </remarks>
internal sealed class TextSession(GauModel model) : IDisposable
{
    /// <summary>The least that a text may be cut to.</summary>
    public const int LeastTokens = TextWindows.LeastTokens;

    private const int MostTokens = 2048;   // of sequences that are computed together

    private readonly GauWorkspace workspace = new(model);
    private readonly AnswerBatch batch = new(keepsPlaces: true);
    private readonly AnswerPass pass = new();
    private readonly EncodedTexts encoded = new();
    private readonly List<Answer> answers = [];   // one of each type that was asked for
    private char[] first = [], second = [];
    private Func<int, GauWorkspace>? workspaceOf;

    /// <summary>The inputs since <see cref="Clear"/>.</summary>
    public AnswerBatch Batch => batch;

    /// <summary>What a text may be cut to.</summary>
    public static int Checked(int maxTokens, string name) =>
        maxTokens is >= LeastTokens and <= GauBatch.MaxLength
            ? maxTokens
            : throw new ArgumentOutOfRangeException(
                name, maxTokens, $"texts can be cut to {LeastTokens} to {GauBatch.MaxLength} tokens");

    /// <summary>Where texts are cut: as the caller says, else as the model does.</summary>
    public static int Checked(int? maxTokens, GauModel model, string name) =>
        maxTokens is { } given ? Checked(given, name) : model.UsualMaxTokens;

    public void Dispose() => workspace.Dispose();

    /// <summary>Removes all inputs.</summary>
    public void Clear()
    {
        batch.Clear();
        encoded.Clear();
        workspace.CancellationToken = default;
    }

    /// <summary>Takes UTF-8; what it gives is valid until the next.</summary>
    /// <returns>False where it is not UTF-8.</returns>
    public bool TryReadText(ReadOnlySpan<byte> utf8, out ReadOnlySpan<char> text) => TryRead(utf8, ref first, out text);

    /// <summary>As <see cref="TryReadText"/>, for the second text of a pair.</summary>
    public bool TryReadPair(ReadOnlySpan<byte> utf8, out ReadOnlySpan<char> text) =>
        TryRead(utf8, ref second, out text);

    /// <summary>Adds a text.</summary>
    /// <exception cref="GauTextException">It has no answer.</exception>
    public TextInfo Add(AnswerHead head, ReadOnlySpan<char> text, int maxTokens)
    {
        head.Encode(text, maxTokens, encoded);
        return AddEncoded(head);
    }

    /// <summary>Adds a pair of texts.</summary>
    /// <exception cref="GauTextException">It has no answer.</exception>
    public TextInfo Add(AnswerHead head, ReadOnlySpan<char> text, ReadOnlySpan<char> pair, int maxTokens)
    {
        head.Encode(text, pair, maxTokens, encoded);
        return AddEncoded(head);
    }

    /// <summary>Encodes one more choice of an input, see <see cref="AnswerHead.EncodeChoice"/>.</summary>
    public void EncodeChoice(
        AnswerHead head, bool hasText, ReadOnlySpan<char> text, ReadOnlySpan<char> choice, int maxTokens) =>
        head.EncodeChoice(hasText, text, choice, maxTokens, encoded);

    /// <summary>Adds the input whose choices were encoded.</summary>
    /// <exception cref="GauTextException">It has no answer.</exception>
    public TextInfo AddEncoded(AnswerHead head)
    {
        string? fault = head.Fault(encoded);
        if (fault is null)
            batch.Add(encoded);
        encoded.Clear();
        return fault is null ? batch.Text(batch.Count - 1) : throw new GauTextException(fault);
    }

    /// <summary>
    /// Computes what a head reads of all inputs; where they are many, of some at a time, as answers are asked for.
    /// </summary>
    /// <param name="head">Who answers.</param>
    /// <param name="cancel">Ends a pass, also one that comes with an answer.</param>
    public void Forward(AnswerHead head, CancellationToken cancel = default)
    {
        workspace.CancellationToken = cancel;
        if (batch.Tokens.Count == 1 || batch.Tokens.TokenCount <= MostTokens)
            pass.Compute(head, batch, workspace);
        else
            pass.ComputeSome(head, batch, workspaceOf ??= _ => workspace, MostTokens, MostTokens);
    }

    /// <summary>
    /// The answer to an input, until the next of its type; asked for once for each input, in their order, of the head
    /// that <see cref="Forward"/> was told.
    /// </summary>
    /// <exception cref="GauTextException">It has none.</exception>
    public T Answer<T>(AnswerHead<T> head, int input)
        where T : Answer, new()
    {
        T answer = Own<T>();
        head.Fill(pass, input, answer);
        return answer.Error is null ? answer : throw new GauTextException(answer.Error);
    }

    private T Own<T>()
        where T : Answer, new()
    {
        foreach (Answer one in answers)
            if (one is T own)
                return own;
        T made = new();
        answers.Add(made);
        return made;
    }

    // A text has at most as many UTF-16 units as UTF-8 bytes.
    private static bool TryRead(ReadOnlySpan<byte> utf8, ref char[] into, out ReadOnlySpan<char> text)
    {
        if (into.Length < utf8.Length)
            into = new char[Math.Max(utf8.Length, Math.Min(2 * into.Length, Array.MaxLength))];
        OperationStatus status = Utf8.ToUtf16(utf8, into, out _, out int length, replaceInvalidSequences: false);
        text = into.AsSpan(0, length);
        return status == OperationStatus.Done;
    }
}
