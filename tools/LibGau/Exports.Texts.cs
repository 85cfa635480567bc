using System.Runtime.InteropServices;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.LibGau;

/// <summary>The functions of <c>gau.h</c> that compute.</summary>
internal static unsafe partial class Exports
{
    private const int MostTokensPerMask = 10_000;

    [UnmanagedCallersOnly(EntryPoint = "gau_score")]
    public static int Score(
        ulong model, NativeText* text, float* probabilities, nuint capacity, nuint* count, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(count, "count");
            Span<float> buffer = Argument.Buffer(probabilities, capacity, "probabilities");
            LabelHead head = call.Model.Head<LabelHead>("gau_score", "sequence classification");
            int needed = call.Model.Model.Head.OutputCount;
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            call.Add(head, *text);
            return Inform(info, call.Answer(head).CopyTo(buffer));
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_embed")]
    public static int Embed(
        ulong model, NativeText* text, int pooling, int normalize, float* vector, nuint capacity, nuint* count,
        NativeTextInfo* info) =>
        Embed(model, text, InFront.Usual, null, 0, pooling, normalize, vector, capacity, count, info);

    [UnmanagedCallersOnly(EntryPoint = "gau_embed_prompt")]
    public static int EmbedPrompt(
        ulong model, NativeText* text, byte* prompt, nuint promptLength, int pooling, int normalize, float* vector,
        nuint capacity, nuint* count, NativeTextInfo* info) =>
        Embed(model, text, InFront.Prompt, prompt, promptLength, pooling, normalize, vector, capacity, count, info);

    [UnmanagedCallersOnly(EntryPoint = "gau_embed_prefix")]
    public static int EmbedPrefix(
        ulong model, NativeText* text, byte* prefix, nuint prefixLength, int pooling, int normalize, float* vector,
        nuint capacity, nuint* count, NativeTextInfo* info) =>
        Embed(model, text, InFront.Prefix, prefix, prefixLength, pooling, normalize, vector, capacity, count, info);

    [UnmanagedCallersOnly(EntryPoint = "gau_fill")]
    public static int Fill(
        ulong model, NativeText* text, nuint top, NativeFilled* tokens, nuint capacity, nuint* count,
        NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(count, "count");
            Span<NativeFilled> buffer = Argument.Buffer(tokens, capacity, "tokens");
            if (top is 0 or > MostTokensPerMask)
                throw Status.Usage($"top is {top}, not 1 to {MostTokensPerMask}");
            if (!call.Model.Model.Config.HasMaskedLm)
                throw Status.Usage("the model has no masked LM, which gau_fill needs");
            MaskHead head = new(call.Model.Model, (int)top);
            call.Add(head, *text);
            int needed = checked(head.Count(call.Session.Batch, 0) * head.Top);
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            MaskAnswer answer = call.Answer(head);
            int filled = 0;
            for (int i = 0; i < answer.Masks.Length; i++)
            {
                MaskPlace mask = answer.Masks[i];
                int offset = call.CodePoint(mask.Start, mask.InPair);
                foreach (RankedToken token in answer.Tokens(i))
                    buffer[filled++] = new NativeFilled
                    {
                        Position = mask.Position, Offset = offset, Token = token.Id, Probability = token.Probability,
                    };
            }
            *count = (nuint)filled;
            return Inform(info, answer.Text);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    private static int Embed(
        ulong model, NativeText* text, InFront kind, byte* front, nuint frontLength, int pooling, int normalize,
        float* vector, nuint capacity, nuint* count, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(count, "count");
            Span<float> buffer = Argument.Buffer(vector, capacity, "vector");
            VectorHead head = Vectors(call.Model.Vectors, kind, front, frontLength, PoolingOf(pooling), normalize != 0);
            int needed = head.Dimensions;
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            call.Add(head, *text);
            return Inform(info, call.Answer(head).CopyTo(buffer));
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    private static VectorHead Vectors(
        VectorHeads heads, InFront kind, byte* front, nuint length, Pooling? pooling, bool normalize)
    {
        switch (kind)
        {
            case InFront.Prompt:
                Argument.Require(front, "prompt");
                return heads.Prompted(Argument.Bytes(front, length, "prompt"), pooling, normalize);
            case InFront.Prefix:
                return heads.Prefixed(Argument.Bytes(front, length, "prefix"), pooling, normalize);
            default:
                return heads.Usual(pooling, normalize);
        }
    }

    private static int Inform(NativeTextInfo* info, TextInfo found)
    {
        if (info is not null)
            *info = NativeTextInfo.Of(found);
        return ExitCode.Ok;
    }

    private static Pooling? PoolingOf(int number) => number switch
    {
        -1 => null,
        0 => Pooling.First,
        1 => Pooling.Mean,
        2 => Pooling.Max,
        3 => Pooling.Last,
        4 => Pooling.MeanSqrtLenTokens,
        5 => Pooling.WeightedMean,
        _ => throw Status.Usage(
            $"pooling {number}: -1 is the model's own, 0 cls, 1 mean, 2 max, 3 lasttoken, 4 mean_sqrt_len_tokens, "
            + "5 weightedmean"),
    };

    // What stands in front of a text.
    private enum InFront
    {
        Usual,
        Prompt,
        Prefix,
    }
}
