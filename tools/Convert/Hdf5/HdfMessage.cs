namespace GauRuntime.Convert.Hdf5;

/// <summary>Types of object header messages that matter here.</summary>
internal enum HdfMessageType
{
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
    AttributeInfo = 0x15,
}

/// <summary>A message of an object header.</summary>
/// <param name="Type">What it says.</param>
/// <param name="Flags">Bit 1: the message stands elsewhere and is shared.</param>
/// <param name="Start">Address of its contents.</param>
/// <param name="Contents">Its contents.</param>
internal sealed record HdfMessage(HdfMessageType Type, byte Flags, long Start, ReadOnlyMemory<byte> Contents);
