using System.Runtime.InteropServices;
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
            call.Model.RequireSequenceHead();
            int needed = call.Model.Model.Head.OutputCount;
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            NativeTextInfo found = call.Add(*text);
            call.Session.Forward();
            call.Session.Classify(0, buffer[..needed]);
            return Inform(info, found);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_embed")]
    public static int Embed(
        ulong model, NativeText* text, int pooling, int normalize, float* vector, nuint capacity, nuint* count,
        NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(count, "count");
            Span<float> buffer = Argument.Buffer(vector, capacity, "vector");
            Pooling asked = PoolingOf(pooling);
            int needed = call.Model.Model.Config.HiddenSize;
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            NativeTextInfo found = call.Add(*text);
            call.Session.Forward();
            call.Session.Embed(0, asked, normalize != 0, buffer[..needed]);
            return Inform(info, found);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

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
            int each = Math.Min((int)top, call.Model.Model.Config.VocabSize);
            NativeTextInfo found = call.Add(*text, parseSpecial: true);
            int needed = checked(call.Session.CountMasks() * each);
            *count = (nuint)needed;
            if (needed > buffer.Length)
                return Argument.TooSmall(needed, buffer.Length);
            call.Session.Forward();
            *count = (nuint)call.Fill(each, buffer);
            return Inform(info, found);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    private static int Inform(NativeTextInfo* info, NativeTextInfo found)
    {
        if (info is not null)
            *info = found;
        return ExitCode.Ok;
    }

    private static Pooling PoolingOf(int number) => number switch
    {
        0 => Pooling.First,
        1 => Pooling.Mean,
        2 => Pooling.Max,
        _ => throw Status.Usage($"pooling {number}: 0 is cls, 1 mean, 2 max"),
    };
}
