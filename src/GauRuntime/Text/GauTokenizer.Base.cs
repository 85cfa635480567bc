using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace GauRuntime.Text;

/// <content>
/// The base type's view: a text without [CLS] and [SEP], no special token in it, offsets into the original text.
/// Normalization and splitting are part of the rules: there is no normalized text, and the switches for both have no
/// effect. A limit never cuts a character in two: where several tokens come from one character, all are taken or none.
/// </content>
public sealed partial class GauTokenizer
{
    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> input = text ?? textSpan;
        EncodedText encoded = EncodeAll(input, keepsSpans: settings.MaxTokenCount != int.MaxValue);
        int count = CountFromStart(encoded, settings.MaxTokenCount);
        return new EncodeResults<int>
        {
            Tokens = encoded.Ids[..count].ToArray(),
            CharsConsumed = EndOf(encoded, count, input.Length),
        };
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> input = text ?? textSpan;
        EncodedText encoded = EncodeAll(input);
        var tokens = new EncodedToken[CountFromStart(encoded, settings.MaxTokenCount)];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = new EncodedToken(
                encoded.Ids[i], vocabulary[encoded.Ids[i]],
                new Range(encoded.Spans[i].Start, encoded.Spans[i].End));
        return new EncodeResults<EncodedToken>
        {
            Tokens = tokens,
            CharsConsumed = EndOf(encoded, tokens.Length, input.Length),
        };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        settings.MaxTokenCount == int.MaxValue
            ? Tokenize(text ?? textSpan, 0, null, 0, parseSpecial: false)
            : CountFromStart(EncodeAll(text ?? textSpan), settings.MaxTokenCount);

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text,
        ReadOnlySpan<char> textSpan,
        EncodeSettings settings,
        bool fromEnd,
        out string? normalizedText,
        out int tokenCount)
    {
        ReadOnlySpan<char> input = text ?? textSpan;
        EncodedText encoded = EncodeAll(input);
        normalizedText = null;
        if (!fromEnd)
        {
            tokenCount = CountFromStart(encoded, settings.MaxTokenCount);
            return EndOf(encoded, tokenCount, input.Length);
        }
        int first = Math.Max(0, encoded.Count - settings.MaxTokenCount);
        while (first > 0 && first < encoded.Count && encoded.Spans[first].Start < encoded.Spans[first - 1].End)
            first++;
        tokenCount = encoded.Count - first;
        return first == 0 ? 0 : tokenCount == 0 ? input.Length : encoded.Spans[first].Start;
    }

    /// <summary>
    /// The text of tokens: <c>##</c> joins, a space parts words unless one is an ideograph or punctuation.
    /// </summary>
    /// <exception cref="InvalidOperationException">No token has one of the ids.</exception>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder();
        string before = "";
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)vocabulary.Length)
                throw new InvalidOperationException($"no token has the id {id}");
            string token = vocabulary[id];
            text.Append(TokenJoin.Separator(before, token)).Append(TokenJoin.Written(before, token));
            before = token;
        }
        return text.ToString();
    }

    /// <summary>
    /// As <see cref="Decode(IEnumerable{int})"/>, into a span that takes as many whole tokens as fit.
    /// </summary>
    public override OperationStatus Decode(
        IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        string before = "";
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)vocabulary.Length)
                return OperationStatus.InvalidData;
            string token = vocabulary[id], separator = TokenJoin.Separator(before, token);
            ReadOnlySpan<char> written = TokenJoin.Written(before, token);
            if (separator.Length + written.Length > destination.Length - charsWritten)
                return OperationStatus.DestinationTooSmall;
            separator.CopyTo(destination[charsWritten..]);
            written.CopyTo(destination[(charsWritten + separator.Length)..]);
            charsWritten += separator.Length + written.Length;
            idsConsumed++;
            before = token;
        }
        return OperationStatus.Done;
    }

    private EncodedText EncodeAll(ReadOnlySpan<char> text, bool keepsSpans = true)
    {
        var encoded = new EncodedText(keepsSpans);
        encoded.Complete(Tokenize(text, 0, encoded, int.MaxValue, parseSpecial: false));
        return encoded;
    }

    /// <summary>
    /// Most tokens from the start, at most <paramref name="limit"/>, that end where a character ends.
    /// </summary>
    private static int CountFromStart(EncodedText encoded, int limit)
    {
        int count = Math.Min(encoded.Count, limit);
        while (count > 0 && count < encoded.Count && encoded.Spans[count].Start < encoded.Spans[count - 1].End)
            count--;
        return count;
    }

    private static int EndOf(EncodedText encoded, int count, int textLength) =>
        count == encoded.Count ? textLength : count == 0 ? 0 : encoded.Spans[count - 1].End;
}
