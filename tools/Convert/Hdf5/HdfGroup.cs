using System.Text;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Hdf5;

/// <summary>What a name in a group points to.</summary>
/// <param name="Address">The object header of a hard link.</param>
/// <param name="Refused">Why the link is never followed; null for a hard link.</param>
internal readonly record struct HdfLink(ulong Address, string? Refused);

/// <summary>The links of a group, in the three ways HDF5 stores them. Only hard links are ever followed.</summary>
internal sealed class HdfGroup
{
    private const string SoftLink = "this is a soft link; links are not followed";
    private const uint SoftLinkCache = 2;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, HdfLink> links = new(StringComparer.Ordinal);

    public HdfGroup(HdfObject header)
    {
        Header = header;
        if (header.Find(HdfMessageType.SymbolTable) is { } table)
            ReadSymbolTable(table);
        else if (header.Find(HdfMessageType.LinkInfo) is { } info)
            ReadLinks(info);
        else
            throw header.Fault("this is no group");
    }

    public HdfObject Header { get; }

    /// <summary>Whether the group holds a name.</summary>
    public bool Contains(string name) => links.ContainsKey(name);

    /// <summary>The object at a path below this group.</summary>
    /// <exception cref="GauFormatException">A part is missing, no group, or a link that leads elsewhere.</exception>
    public HdfObject Object(string path)
    {
        HdfGroup group = this;
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 64)
            throw Header.Fault($"the path '{path}' has {parts.Length} parts");
        for (int i = 0; ; i++)
        {
            HdfObject found = group.Child(parts[i]);
            if (i == parts.Length - 1)
                return found;
            group = new HdfGroup(found);
        }
    }

    private HdfObject Child(string name)
    {
        string path = $"{Header.Path.TrimEnd('/')}/{name}";
        if (!links.TryGetValue(name, out HdfLink link))
            throw new GauFormatException(Header.Source.Path, path, "missing");
        if (link.Refused is not null)
            throw new GauFormatException(Header.Source.Path, path, link.Refused);
        return HdfObject.Read(Header.Source, link.Address, path);
    }

    private void Add(ReadOnlySpan<byte> name, HdfLink link)
    {
        string text;
        try
        {
            text = Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw Header.Fault("a link name is not UTF-8");
        }
        if (!links.TryAdd(text, link))
            throw Header.Fault($"the link '{text}' occurs twice");
    }

    private void ReadSymbolTable(HdfBytes message)
    {
        ulong tree = message.U64();
        HdfBytes heap = Header.Source.Structure(message.U64(), 32, $"the local heap of {Header.Path}");
        heap.Signature("HEAP"u8, "local heap");
        heap.Version(0, "local heap");
        heap.Skip(3);
        ulong size = heap.U64();
        heap.Skip(8);
        HdfBytes names = Header.Source.Structure(heap.U64(), size, $"the names of {Header.Path}");
        ReadTree(tree, level: null, names.Take(names.Remaining));
    }

    private void ReadTree(ulong address, int? level, ReadOnlySpan<byte> names)
    {
        HdfBytes node = Header.Source.Structure(address, 24, $"a B-tree node of {Header.Path}");
        node.Signature("TREE"u8, "B-tree node");
        if (node.U8() != 0)
            throw node.Fault("this is no B-tree of a group");
        int depth = node.U8();
        // Levels must fall by one on the way down, so no tree can lead back into itself.
        if (level is not null && depth != level)
            throw node.Fault($"B-tree level {depth} below level {level + 1}");
        int count = node.U16();
        HdfBytes entries = Header.Source.Structure(address + 24, (ulong)count * 16, $"a B-tree node of {Header.Path}");
        for (int i = 0; i < count; i++)
        {
            entries.Skip(8);
            ulong child = entries.U64();
            if (depth == 0)
                ReadSymbols(child, names);
            else
                ReadTree(child, depth - 1, names);
        }
    }

    private void ReadSymbols(ulong address, ReadOnlySpan<byte> names)
    {
        HdfBytes head = Header.Source.Structure(address, 8, $"a symbol table node of {Header.Path}");
        head.Signature("SNOD"u8, "symbol table node");
        head.Version(1, "symbol table node");
        head.Skip(1);
        int count = head.U16();
        HdfBytes entries =
            Header.Source.Structure(address + 8, (ulong)count * 40, $"a symbol table node of {Header.Path}");
        for (int i = 0; i < count; i++)
        {
            ulong name = entries.U64();
            ulong target = entries.U64();
            uint cache = entries.U32();
            entries.Skip(4 + 16);
            if (name >= (ulong)names.Length)
                throw entries.Fault($"name offset {name} is beyond the local heap");
            ReadOnlySpan<byte> text = names[(int)name..];
            int end = text.IndexOf((byte)0);
            if (end < 0)
                throw entries.Fault("a link name without an end");
            Add(text[..end], cache == SoftLinkCache ? new HdfLink(0, SoftLink) : new HdfLink(target, null));
        }
    }

    private void ReadLinks(HdfBytes info)
    {
        info.Version(0, "link info");
        byte flags = info.U8();
        if ((flags & 1) != 0)
            info.Skip(8);
        ulong heap = info.U64();
        ulong index = info.U64();
        if (heap == HdfSource.Undefined)
        {
            foreach (HdfBytes message in Header.All(HdfMessageType.Link))
                ReadLink(message);
            return;
        }
        HdfFractalHeap names = new(Header.Source, heap);
        foreach (byte[] id in HdfLinkIndex.HeapIds(Header.Source, index))
            ReadLink(names.Read(id));
    }

    private void ReadLink(HdfBytes link)
    {
        link.Version(1, "link");
        byte flags = link.U8();
        int kind = (flags & 8) != 0 ? link.U8() : 0;
        link.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        ulong length = link.Unsigned(1 << (flags & 3));
        if (length > (ulong)link.Remaining)
            throw link.Fault($"a link name of {length} bytes, {link.Remaining} left");
        ReadOnlySpan<byte> name = link.Take((int)length);
        Add(name, kind switch
        {
            0 => new HdfLink(link.U64(), null),
            1 => new HdfLink(0, SoftLink),
            64 => new HdfLink(0, "this is a link to another file; links are not followed"),
            _ => new HdfLink(0, $"this is a link of unknown kind {kind}"),
        });
    }
}
