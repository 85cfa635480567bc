using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <content>Texts that are read in windows: an input of as many sequences, each a piece of the text.</content>
internal abstract partial class AnswerHead
{
    /// <summary>The windows; null: texts are read at once, and cut where they are too long.</summary>
    public TextWindows? Windows { get; init; }

    private static TextWindows? WindowsOf(GauModel model, WindowOptions? windows, bool aggregates) =>
        windows is null ? null : TextWindows.Of(windows, model, aggregates);

    private void EncodeWindows(ReadOnlySpan<char> text, TextWindows windows, EncodedTexts into)
    {
        int beside = GauTokenizer.SpecialsOfOne + Count(Prefix, windows, into);
        if (!TryCut(text, beside, windows, into))
            return;
        foreach (TextPiece piece in into.Cuts.Pieces)
            EncodeOne(text[piece.Start..piece.End], windows.Tokens, into).MoveTo(0, piece.Start);
    }

    private void EncodeWindows(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, TextWindows windows, EncodedTexts into, bool parsesSpecial)
    {
        int beside = GauTokenizer.SpecialsOfPair + Count(into.Join(Prefix, text), windows, into);
        if (!TryCut(pair, beside, windows, into))
            return;
        foreach (TextPiece piece in into.Cuts.Pieces)
            EncodeOne(text, pair[piece.Start..piece.End], windows.Tokens, into, parsesSpecial)
                .MoveTo(1, piece.Start);
    }

    private bool TryCut(ReadOnlySpan<char> text, int beside, TextWindows windows, EncodedTexts into)
    {
        into.AreWindows = true;
        into.Fault = windows.Cut(text, beside, model.Tokenizer, into.Cuts);
        return into.Fault is null;
    }

    private int Count(ReadOnlySpan<char> text, TextWindows windows, EncodedTexts into) =>
        text.IsEmpty ? 0 : model.Tokenizer.EncodeAlone(text, into.Beside, windows.Tokens).Total;
}
