using GauRuntime.Weights;

namespace GauRuntime.Convert.Hdf5;

/// <summary>A group or dataset: the messages of its object header, of either version.</summary>
internal sealed class HdfObject
{
    private const int MaxMessages = 100_000;
    private readonly List<HdfMessage> messages = [];
    private Dictionary<string, HdfAttributePlace>? attributes;
    private readonly Queue<(ulong Address, ulong Length)> continuations = [];

    private HdfObject(HdfSource source, string path)
    {
        Source = source;
        Path = path;
    }

    public HdfSource Source { get; }

    /// <summary>The path inside the file, for messages to the user.</summary>
    public string Path { get; }

    /// <summary>The attributes by name; looked up once, however many are asked for.</summary>
    public IReadOnlyDictionary<string, HdfAttributePlace> Attributes => attributes ??= HdfAttribute.Index(this);

    /// <summary>Reads the header at an address.</summary>
    public static HdfObject Read(HdfSource source, ulong address, string path)
    {
        HdfObject read = new(source, path);
        HdfBytes head = source.Structure(address, Math.Min(16, Rest(source, address)), $"the object header of {path}");
        if (head.Remaining >= 4 && head.Part(4).Take(4).SequenceEqual("OHDR"u8))
            read.ReadNew(address);
        else
            read.ReadOld(address);
        return read;
    }

    /// <summary>The only message of a type, or null.</summary>
    public HdfBytes? Find(HdfMessageType type)
    {
        HdfMessage? found = null;
        foreach (HdfMessage message in messages)
        {
            if (message.Type != type)
                continue;
            if (found is not null)
                throw Fault($"two messages of type {type}");
            found = message;
        }
        return found is null ? null : Open(found);
    }

    /// <summary>All messages of a type.</summary>
    public IEnumerable<HdfBytes> All(HdfMessageType type) =>
        messages.Where(message => message.Type == type).Select(Open);

    /// <summary>The error of this object.</summary>
    public GauFormatException Fault(string reason) => new(Source.Path, Path, reason);

    private HdfBytes Open(HdfMessage message)
    {
        if ((message.Flags & 2) != 0)
            throw Fault($"a shared {message.Type} message is not supported");
        return new HdfBytes(Source, message.Start, message.Contents);
    }

    private void ReadOld(ulong address)
    {
        HdfBytes head = Source.Structure(address, 16, $"the object header of {Path}");
        head.Version(1, "object header");
        head.Skip(1);
        int count = head.U16();
        head.Skip(4);
        continuations.Enqueue((address + 16, head.U32()));
        while (messages.Count < count && continuations.TryDequeue(out (ulong Address, ulong Length) block))
        {
            HdfBytes bytes = Source.Structure(block.Address, block.Length, $"an object header block of {Path}");
            while (messages.Count < count && bytes.Remaining >= 8)
            {
                HdfMessageType type = (HdfMessageType)bytes.U16();
                int size = bytes.U16();
                byte flags = bytes.U8();
                bytes.Skip(3);
                Add(type, flags, bytes, size);
            }
        }
    }

    private void ReadNew(ulong address)
    {
        HdfBytes head = Source.Structure(address, Math.Min(64, Rest(Source, address)), $"the object header of {Path}");
        head.Signature("OHDR"u8, "object header");
        head.Version(2, "object header");
        byte flags = head.U8();
        head.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        ulong size = head.Unsigned(1 << (flags & 3));
        ReadNewBlock(Source.Structure(head.Address, size, $"the object header of {Path}"), flags);
        while (continuations.TryDequeue(out (ulong Address, ulong Length) block))
        {
            HdfBytes bytes = Source.Structure(block.Address, block.Length, $"an object header block of {Path}");
            bytes.Signature("OCHK"u8, "object header block");
            if (bytes.Remaining < 4)
                throw bytes.Fault("no room for a checksum");
            ReadNewBlock(bytes.Part(bytes.Remaining - 4), flags);
        }
    }

    private void ReadNewBlock(HdfBytes bytes, byte headerFlags)
    {
        int headSize = (headerFlags & 4) != 0 ? 6 : 4;
        while (bytes.Remaining >= headSize)
        {
            HdfMessageType type = (HdfMessageType)bytes.U8();
            int size = bytes.U16();
            byte flags = bytes.U8();
            if (headSize == 6)
                bytes.Skip(2);
            Add(type, flags, bytes, size);
        }
    }

    private void Add(HdfMessageType type, byte flags, HdfBytes bytes, int size)
    {
        if (messages.Count == MaxMessages)
            throw Fault($"more than {MaxMessages} messages");
        long start = (long)bytes.Address;
        byte[] contents = bytes.Take(size).ToArray();
        messages.Add(new HdfMessage(type, flags, start, contents));
        if (type != HdfMessageType.Continuation)
            return;
        HdfBytes continuation = new(Source, start, contents);
        continuations.Enqueue((continuation.U64(), continuation.U64()));
    }

    private static ulong Rest(HdfSource source, ulong address) =>
        address < (ulong)source.Length ? (ulong)source.Length - address : 1;
}
