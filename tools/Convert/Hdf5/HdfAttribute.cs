using System.Text;

namespace GauRuntime.Convert.Hdf5;

/// <summary>An attribute's type, space and values, not yet read.</summary>
/// <param name="Contents">The cursor stands behind the name.</param>
/// <param name="TypeSize">Bytes of the type.</param>
/// <param name="SpaceSize">Bytes of the space.</param>
/// <param name="Shared">The type or the space stands elsewhere.</param>
internal readonly record struct HdfAttributePlace(HdfBytes Contents, int TypeSize, int SpaceSize, bool Shared);

/// <summary>Attributes that hold strings, as Keras writes them.</summary>
internal static class HdfAttribute
{
    private const int LongestString = 1 << 20;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The strings of an attribute; empty when it holds no elements, of whatever type.</summary>
    /// <returns>Null when the object has no such attribute.</returns>
    public static string[]? Strings(HdfObject owner, string name)
    {
        if (owner.Attributes.TryGetValue(name, out HdfAttributePlace place))
            return Read(owner, name, place);
        if (owner.Find(HdfMessageType.AttributeInfo) is { } info)
        {
            info.Version(0, "attribute info");
            if ((info.U8() & 1) != 0)
                info.Skip(2);
            if (info.U64() != HdfSource.Undefined)
                throw owner.Fault("attributes outside of the object header are not supported");
        }
        return null;
    }

    /// <summary>Where every attribute of an object stands; of two with the same name the first.</summary>
    public static Dictionary<string, HdfAttributePlace> Index(HdfObject owner)
    {
        Dictionary<string, HdfAttributePlace> places = new(StringComparer.Ordinal);
        foreach (HdfBytes message in owner.All(HdfMessageType.Attribute))
        {
            byte version = message.U8();
            if (version is not (1 or 2 or 3))
                throw message.Fault($"attribute version {version} is not supported, only 1 to 3");
            bool shared = message.U8() != 0 && version != 1;
            int nameSize = message.U16(), typeSize = message.U16(), spaceSize = message.U16();
            if (version == 3)
                message.Skip(1);
            int padding = version == 1 ? 8 : 1;
            ReadOnlySpan<byte> name = message.Take(Padded(nameSize, padding))[..nameSize];
            int end = name.IndexOf((byte)0);
            // Bytes that are no UTF-8 become U+FFFD, which is in no name that is asked for.
            places.TryAdd(
                Encoding.UTF8.GetString(end < 0 ? name : name[..end]),
                new HdfAttributePlace(message, Padded(typeSize, padding), Padded(spaceSize, padding), shared));
        }
        return places;
    }

    private static string[] Read(HdfObject owner, string name, HdfAttributePlace place)
    {
        HdfBytes message = place.Contents.Rest();
        if (place.Shared)
            throw message.Fault($"attribute '{name}' with a shared type is not supported");
        HdfType type = HdfType.Read(message.Part(place.TypeSize));
        long[]? shape = HdfSpace.Read(message.Part(place.SpaceSize));
        if (shape is null || shape.Contains(0))
            return [];
        if (!type.IsString)
            throw owner.Fault($"attribute '{name}' holds {type.Name}, not strings");
        if (shape.Length > 1)
            throw owner.Fault($"attribute '{name}' has {shape.Length} dimensions, not 1");
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
        if (end >= 0)
            text = text[..end];
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
