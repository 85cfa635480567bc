using System.Text;

namespace GauRuntime.Convert.Hdf5;

/// <summary>Attributes that hold strings, as Keras writes them.</summary>
internal static class HdfAttribute
{
    private const int LongestString = 1 << 20;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The strings of an attribute; empty when it holds no elements, of whatever type.</summary>
    /// <returns>Null when the object has no such attribute.</returns>
    public static string[]? Strings(HdfObject owner, string name)
    {
        foreach (HdfBytes message in owner.All(HdfMessageType.Attribute))
            if (Matches(message, name, out int typeSize, out int spaceSize, out int padding))
                return Read(owner, name, message, typeSize, spaceSize, padding);
        if (owner.Find(HdfMessageType.AttributeInfo) is { } info)
        {
            info.Version(0, "attribute info");
            if ((info.U8() & 1) != 0) info.Skip(2);
            if (info.U64() != HdfSource.Undefined)
                throw owner.Fault("attributes outside of the object header are not supported");
        }
        return null;
    }

    private static bool Matches(HdfBytes message, string name, out int typeSize, out int spaceSize, out int padding)
    {
        byte version = message.U8();
        if (version is not (1 or 2 or 3))
            throw message.Fault($"attribute version {version} is not supported, only 1 to 3");
        byte flags = message.U8();
        int nameSize = message.U16();
        typeSize = message.U16();
        spaceSize = message.U16();
        if (version == 3) message.Skip(1);
        padding = version == 1 ? 8 : 1;
        ReadOnlySpan<byte> found = message.Take(Padded(nameSize, padding))[..nameSize];
        int end = found.IndexOf((byte)0);
        if (!found[..(end < 0 ? nameSize : end)].SequenceEqual(Strict.GetBytes(name))) return false;
        if (version != 1 && flags != 0) throw message.Fault($"attribute '{name}' with a shared type is not supported");
        return true;
    }

    private static string[] Read(
        HdfObject owner, string name, HdfBytes message, int typeSize, int spaceSize, int padding)
    {
        HdfType type = HdfType.Read(message.Part(Padded(typeSize, padding)));
        long[]? shape = HdfSpace.Read(message.Part(Padded(spaceSize, padding)));
        if (shape is null || shape.Contains(0)) return [];
        if (!type.IsString) throw owner.Fault($"attribute '{name}' holds {type.Name}, not strings");
        if (shape.Length > 1) throw owner.Fault($"attribute '{name}' has {shape.Length} dimensions, not 1");
        long count = shape.Length == 0 ? 1 : shape[0];
        if (type.Size > LongestString || count > message.Remaining / type.Size)
            throw owner.Fault(
                $"attribute '{name}' should hold {count} strings of {type.Size} bytes in {message.Remaining} bytes");
        string[] strings = new string[count];
        for (int i = 0; i < count; i++)
        {
            HdfBytes element = message.Part((int)type.Size);
            strings[i] = Text(owner, name, type.IsVariableLength ? HdfGlobalHeap.Read(owner.Source, element) : element);
        }
        return strings;
    }

    private static string Text(HdfObject owner, string name, HdfBytes bytes)
    {
        ReadOnlySpan<byte> text = bytes.Take(bytes.Remaining);
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw owner.Fault($"attribute '{name}' is not UTF-8");
        }
    }

    private static int Padded(int size, int padding) => (size + padding - 1) / padding * padding;
}
