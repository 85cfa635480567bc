using System.Text;
using FluentAssertions;

namespace GauRuntime.LibGau.Tests;

/// <summary>The functions for heads of every kind, called in this process.</summary>
internal static unsafe class NativeHeads
{
    public static float[] Labels(string path, string text, int labels)
    {
        delegate* unmanaged<ulong, NativeText*, float*, nuint, nuint*, NativeTextInfo*, int> score = &Exports.Score;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        float[] probabilities = new float[labels];
        nuint count;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes)
        fixed (float* found = probabilities)
        {
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = score(model, &native, found, (nuint)labels, &count, null);
        }
        Free(model);
        (code, (int)count).Should().Be((0, labels));
        return probabilities;
    }

    public static (int Code, NativeFilled[] Tokens) Filled(string path, string text, int top)
    {
        delegate* unmanaged<ulong, NativeText*, nuint, NativeFilled*, nuint, nuint*, NativeTextInfo*, int> fill =
            &Exports.Fill;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        NativeFilled[] tokens = new NativeFilled[100];
        nuint count = 0;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes)
        fixed (NativeFilled* found = tokens)
        {
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = fill(model, &native, (nuint)top, found, (nuint)tokens.Length, &count, null);
        }
        Free(model);
        return (code, tokens[..(int)count]);
    }

    public static NativeEntity[] Entities(string path, string text)
    {
        delegate* unmanaged<ulong, NativeText*, NativeEntity*, nuint, nuint*, NativeTextInfo*, int> entities =
            &Exports.FindEntities;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        NativeEntity[] buffer = new NativeEntity[100];
        nuint count = 0;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes)
        fixed (NativeEntity* found = buffer)
        {
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = entities(model, &native, found, (nuint)buffer.Length, &count, null);
        }
        Free(model);
        code.Should().Be(0);
        return buffer[..(int)count];
    }

    public static float[] Probabilities(string path, string text, string[] choices)
    {
        delegate* unmanaged<
            ulong, NativeText*, byte**, nuint*, nuint, float*, nuint, nuint*, NativeTextInfo*, int> choose =
            &Exports.Choose;
        byte[] bytes = Encoding.UTF8.GetBytes(text), all = Encoding.UTF8.GetBytes(string.Concat(choices));
        float[] probabilities = new float[choices.Length];
        byte** starts = stackalloc byte*[choices.Length];
        nuint* lengths = stackalloc nuint[choices.Length];
        nuint count;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes, choice = all)
        fixed (float* found = probabilities)
        {
            Part(choices, choice, starts, lengths);
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = choose(
                model, &native, starts, lengths, (nuint)choices.Length, found, (nuint)choices.Length, &count, null);
        }
        Free(model);
        (code, (int)count).Should().Be((0, choices.Length));
        return probabilities;
    }

    public static (int Code, float[] Scores, int Tokens) Scores(
        string path, string query, string[] candidates, bool raw)
    {
        delegate* unmanaged<
            ulong, NativeText*, byte**, nuint*, nuint, int, float*, nuint, nuint*, NativeTextInfo*, int> rerank =
            &Exports.Rerank;
        byte[] bytes = Encoding.UTF8.GetBytes(query), all = Encoding.UTF8.GetBytes(string.Concat(candidates));
        float[] scores = new float[candidates.Length];
        byte** starts = stackalloc byte*[candidates.Length];
        nuint* lengths = stackalloc nuint[candidates.Length];
        nuint count = 0;
        NativeTextInfo info;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes, candidate = all)
        fixed (float* found = scores)
        {
            Part(candidates, candidate, starts, lengths);
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = rerank(
                model, &native, starts, lengths, (nuint)candidates.Length, raw ? 1 : 0, found, (nuint)scores.Length,
                &count, &info);
        }
        Free(model);
        return (code, scores[..(int)count], info.Tokens);
    }

    public static (int Found, int Start, int End, float Score) Span(string path, string question, string context)
    {
        delegate* unmanaged<ulong, NativeText*, NativeSpan*, NativeTextInfo*, int> answer = &Exports.Answer;
        byte[] bytes = Encoding.UTF8.GetBytes(question), pair = Encoding.UTF8.GetBytes(context);
        NativeSpan span;
        int code;
        ulong model = Load(path);
        fixed (byte* at = bytes, second = pair)
        {
            NativeText native = new()
            {
                Text = at, TextLength = (nuint)bytes.Length, Pair = second, PairLength = (nuint)pair.Length,
            };
            code = answer(model, &native, &span, null);
        }
        Free(model);
        code.Should().Be(0);
        return (span.Found, span.Start, span.End, span.Score);
    }

    // Where each of several texts that stand one behind the other begins.
    private static void Part(string[] texts, byte* all, byte** starts, nuint* lengths)
    {
        for (int i = 0; i < texts.Length; all += lengths[i++])
        {
            starts[i] = all;
            lengths[i] = (nuint)Encoding.UTF8.GetByteCount(texts[i]);
        }
    }

    public static (int Code, float[] Vector) Vector(string path, string text, int pooling, bool normalize)
    {
        delegate* unmanaged<ulong, NativeText*, int, int, float*, nuint, nuint*, NativeTextInfo*, int> embed =
            &Exports.Embed;
        delegate* unmanaged<ulong, nuint*, int> size = &Exports.GetVectorSize;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        ulong model = Load(path);
        nuint count, numbers;
        size(model, &numbers).Should().Be(0);
        float[] vector = new float[(int)numbers];
        int code;
        fixed (byte* at = bytes)
        fixed (float* into = vector)
        {
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            code = embed(model, &native, pooling, normalize ? 1 : 0, into, numbers, &count, null);
        }
        Free(model);
        return (code, vector);
    }

    /// <summary>A vector behind a prompt, or where that is null behind a prefix, which is embedded with twice.</summary>
    public static (int Code, float[] Vector) VectorBehind(string path, string text, string? prompt, string prefix)
    {
        delegate* unmanaged<ulong, NativeText*, byte*, nuint, int, int, float*, nuint, nuint*, NativeTextInfo*, int>
            byName = &Exports.EmbedPrompt, behind = &Exports.EmbedPrefix;
        byte[] bytes = Encoding.UTF8.GetBytes(text), front = Encoding.UTF8.GetBytes(prompt ?? prefix);
        ulong model = Load(path);
        float[] vector = new float[2048];
        nuint count = 0;
        int code = 0;
        fixed (byte* at = bytes)
        fixed (byte* frontAt = front)
        fixed (float* into = vector)
        {
            NativeText native = new() { Text = at, TextLength = (nuint)bytes.Length };
            for (int i = 0; i < 2; i++)
                code |= (prompt is null ? behind : byName)(
                    model, &native, frontAt, (nuint)front.Length, -1, 0, into, (nuint)vector.Length, &count, null);
        }
        Free(model);
        return (code, vector[..(int)(code == 0 ? count : 0)]);
    }

    private static ulong Load(string path)
    {
        delegate* unmanaged<byte*, nuint, ulong*, int> load = &Exports.Load;
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        ulong model;
        fixed (byte* at = bytes)
            load(at, (nuint)bytes.Length, &model).Should().Be(0);
        return model;
    }

    private static void Free(ulong model)
    {
        delegate* unmanaged<ulong, int> free = &Exports.Free;
        free(model).Should().Be(0);
    }
}
