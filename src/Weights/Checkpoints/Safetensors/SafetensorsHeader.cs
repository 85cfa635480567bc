using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>A tensor and its bytes [Begin, End), relative to the data section.</summary>
internal readonly record struct SafetensorsRange(TensorEntry Tensor, long Begin, long End);

/// <summary>Parses and checks the header of a safetensors file: u64 length, JSON, then data to the last byte.</summary>
internal sealed partial class SafetensorsHeader
{
    /// <summary>The longest header the format allows, in bytes.</summary>
    public const int MaxLength = 100_000_000;

    private readonly string path;
    private readonly Dictionary<string, SafetensorsRange> byName = new(StringComparer.Ordinal);

    private string lastType = "F32";

    private SafetensorsHeader(string path) => this.path = path;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsRange> Ranges => byName;

    /// <summary>The tensors in the order of their data.</summary>
    public TensorEntry[] Tensors { get; private set; } = [];

    /// <summary>The pairs of <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Offset of the data section in the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>Parses the header and checks every range against the size of the file.</summary>
    public static SafetensorsHeader Parse(FileView file)
    {
        SafetensorsHeader header = new(file.Path);
        if (file.Length < 8)
            throw header.Fault("offset 0", $"{file.Length} bytes are too few for a header length");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, 8));
        if (length > MaxLength)
            throw header.Fault("offset 0", $"header length {length} is above the limit of {MaxLength}");
        if ((long)length > file.Length - 8)
            throw header.Fault("offset 0", $"header length {length} is beyond the end of the file, which was "
                + "cut short: copy or download it again");
        header.DataStart = 8 + (long)length;
        header.ParseJson(file.Span(8, (int)length));
        header.CheckRanges(file.Length - header.DataStart);
        return header;
    }

    /// <summary>The ranges, in any order, must cover the data section exactly once: no hole, overlap or tail.</summary>
    private void CheckRanges(long dataLength)
    {
        SafetensorsRange[] ranges = [.. byName.Values];
        Array.Sort(ranges, (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long covered = 0;
        foreach (SafetensorsRange range in ranges)
        {
            if (range.Begin != covered)
            {
                string what = range.Begin < covered ? "overlaps the tensor before it" : "leaves a hole before it";
                throw Fault($"tensor '{range.Tensor.Name}'",
                    $"begins at {range.Begin} and {what}, which ends at {covered}");
            }
            covered = range.End;
            if (covered > dataLength)
                throw Fault($"tensor '{range.Tensor.Name}'",
                    $"ends at {covered}, but there are {dataLength} bytes of data: the file was cut short; copy or "
                    + "download it again");
        }
        if (covered != dataLength)
            throw Fault($"offset {DataStart + covered}", $"{dataLength - covered} bytes after the last tensor");
        Tensors = Array.ConvertAll(ranges, range => range.Tensor);
    }

    private GauFormatException Fault(string place, string reason) => new(path, place, reason);
}
