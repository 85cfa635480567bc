using GauRuntime.Text;
using GauRuntime.Texts;

namespace GauRuntime.LibGau;

/// <summary>A call of a function about a model: keeps the model, and a session where it computes.</summary>
internal unsafe ref struct Call : IDisposable
{
    private TextSession? session;
    private ReadOnlySpan<char> first, second;   // the texts that were read

    /// <summary>Begins it.</summary>
    public Call(ulong model) => Model = ModelTable.Enter(model);

    public LoadedModel Model { get; }

    /// <summary>The call's own.</summary>
    public TextSession Session => session ??= Model.Model.Sessions.Rent();

    /// <summary>Reads a caller's text.</summary>
    public NativeTextInfo Add(in NativeText text, bool parseSpecial = false)
    {
        nuint most = text.MaxTokens == 0 ? GauBatch.UsualMaxLength : text.MaxTokens;
        if (most is < TextSession.LeastTokens or > GauBatch.MaxLength)
            throw Status.Usage($"max_tokens is {most}, not 0 or {TextSession.LeastTokens} to {GauBatch.MaxLength}");
        Argument.Require(text.Text, "text");
        if (!Session.TryReadText(Argument.Bytes(text.Text, text.TextLength, "text"), out first))
            throw Argument.NotUtf8("text");
        if (text.Pair is null)
        {
            if (text.PairLength > 0)
                throw Status.Usage("pair is NULL, but pair_length is not 0");
            return NativeTextInfo.Of(Session.Add(first, (int)most, parseSpecial));
        }
        if (!Session.TryReadPair(Argument.Bytes(text.Pair, text.PairLength, "pair"), out second))
            throw Argument.NotUtf8("pair");
        return NativeTextInfo.Of(Session.Add(first, second, (int)most, parseSpecial));
    }

    /// <summary>The best tokens for every [MASK] of the text that was read.</summary>
    /// <param name="top">For each.</param>
    /// <param name="filled">[masks · top].</param>
    /// <returns>How many there are.</returns>
    public int Fill(int top, Span<NativeFilled> filled)
    {
        MaskToken[] tokens = new MaskToken[Session.CountMasks() * top];
        int count = Session.Fill(top, tokens);
        CodePointOffsets firstOffsets = new(first), secondOffsets = new(second);
        for (int i = 0; i < count; i++)
            filled[i] = new NativeFilled
            {
                Position = tokens[i].Position,
                Offset = tokens[i].InPair ? secondOffsets.At(tokens[i].Start) : firstOffsets.At(tokens[i].Start),
                Token = tokens[i].Id,
                Probability = tokens[i].Probability,
            };
        return count;
    }

    public void Dispose()
    {
        if (session is not null) Model.Model.Sessions.Return(session);
        Model.Leave();
    }
}
