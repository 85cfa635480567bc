using System.Runtime.InteropServices;
using System.Text;
using GauRuntime.Tools;

namespace GauRuntime.LibGau;

/// <summary>The functions of <c>gau.h</c> about models. No exception leaves them.</summary>
internal static unsafe partial class Exports
{
    private static readonly byte* Version =
        (byte*)Marshal.StringToCoTaskMemUTF8(typeof(Exports).Assembly.GetName().Version!.ToString(3));

    [UnmanagedCallersOnly(EntryPoint = "gau_version")]
    public static byte* GetVersion() => Version;

    [UnmanagedCallersOnly(EntryPoint = "gau_last_error")]
    public static nuint GetLastError(byte* buffer, nuint capacity) => (nuint)LastError.Read(
        buffer is null ? [] : new Span<byte>(buffer, (int)Math.Min(capacity, int.MaxValue)));

    [UnmanagedCallersOnly(EntryPoint = "gau_load")]
    public static int Load(byte* path, nuint pathLength, ulong* model)
    {
        try
        {
            Argument.Require(model, "model");
            *model = 0;
            *model = ModelTable.Add(LoadedModel.Load(Argument.Path(path, pathLength)));
            return ExitCode.Ok;
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_load_default")]
    public static int LoadDefault(ulong* model)
    {
        try
        {
            Argument.Require(model, "model");
            *model = 0;
            *model = ModelTable.Add(LoadedModel.Load(null));
            return ExitCode.Ok;
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_free")]
    public static int Free(ulong model)
    {
        try
        {
            ModelTable.Remove(model);
            return ExitCode.Ok;
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_label_count")]
    public static int GetLabelCount(ulong model, nuint* count) =>
        Ask(model, count, "count", static loaded => loaded.LabelCount);

    [UnmanagedCallersOnly(EntryPoint = "gau_vector_size")]
    public static int GetVectorSize(ulong model, nuint* size) =>
        Ask(model, size, "size", static loaded => loaded.VectorSize);

    [UnmanagedCallersOnly(EntryPoint = "gau_label")]
    public static int GetLabel(ulong model, nuint index, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(length, "length");
            return Argument.ReturnString(
                call.Model.Label(index), Argument.Buffer(buffer, capacity, "buffer"), length);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_token")]
    public static int GetToken(ulong model, int token, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(length, "length");
            GauModel loaded = call.Model.Model;
            if (token < 0 || token >= loaded.Tokenizer.VocabularySize)
                throw Status.Usage($"there are {loaded.Tokenizer.VocabularySize} tokens, and none of id {token}");
            return Argument.ReturnString(
                Encoding.UTF8.GetBytes(loaded.Tokenizer.Token(token)), Argument.Buffer(buffer, capacity, "buffer"),
                length);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    private static int Ask(ulong model, nuint* number, string name, Func<LoadedModel, int> question)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(number, name);
            *number = (nuint)question(call.Model);
            return ExitCode.Ok;
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }
}
