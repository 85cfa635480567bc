using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GauRuntime.Scoring.Results;

/// <summary>The beginning of a file of NumPy's format npy, version 1.0, that holds a matrix of vectors.</summary>
/// <param name="Precision">How numbers are stored: <c>&lt;f4</c>, <c>&lt;f2</c> or <c>|i1</c>.</param>
/// <param name="Rows">Vectors.</param>
/// <param name="Dimensions">Numbers of each.</param>
/// <remarks>Bytes as numpy.save writes them; rows follow, one behind the other (C order).</remarks>
internal readonly record struct NpyHeader(VectorPrecision Precision, long Rows, int Dimensions)
{
    private const int Prefix = 10;   // magic, version, length
    private const int Alignment = 64;
    private const int RowDigits = 21;   // NumPy keeps room for so many, so that a file can grow

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>Bytes of a number.</summary>
    public int NumberBytes => Precision switch
    {
        VectorPrecision.F32 => sizeof(float),
        VectorPrecision.F16 => 2,
        _ => 1,
    };

    /// <summary>Bytes of a vector.</summary>
    public long RowBytes => (long)Dimensions * NumberBytes;

    private string Type => Precision switch
    {
        VectorPrecision.F32 => "<f4",
        VectorPrecision.F16 => "<f2",
        _ => "|i1",
    };

    /// <summary>The bytes; a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        string rows = Rows.ToString(CultureInfo.InvariantCulture);
        string room = new(' ', RowDigits - rows.Length);
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '{Type}', 'fortran_order': False, 'shape': ({rows}, {Dimensions}), }}{room}");
        int length = ((Prefix + text.Length + 1) / Alignment + 1) * Alignment;   // a space is there in any case
        byte[] header = new byte[length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(Magic.Length), (ushort)(length - Prefix));
        header.AsSpan(Prefix).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(Prefix));
        header[^1] = (byte)'\n';
        return header;
    }
}
