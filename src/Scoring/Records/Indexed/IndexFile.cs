using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>
/// An index as a file: <c>gauindex</c>, the version, the length of a block and the number of inputs; of each input
/// what <see cref="IndexedInput"/> has, its name in UTF-8 behind its length, lists behind their counts; at last the
/// XxHash128 of all that. Numbers are little-endian.
/// </summary>
internal static class IndexFile
{
    private const int Version = 1;
    private const int DigestLength = 16, PlaceLength = 3 * sizeof(long) + 1;
    private const long LargestFile = 1 << 30;   // of inputs of more than a petabyte

    private static ReadOnlySpan<byte> Magic => "gauindex"u8;

    /// <summary>Writes an index.</summary>
    public static void Write(InputIndex index, Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArrayBufferWriter<byte> bytes = new();
        bytes.Write(Magic);
        Put(bytes, Version);
        Put(bytes, index.BlockLength);
        Put(bytes, index.Inputs.Count);
        foreach (IndexedInput input in index.Inputs)
            Put(bytes, input);
        Put(bytes, XxHash128.HashToUInt128(bytes.WrittenSpan));
        output.Write(bytes.WrittenSpan);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder.</exception>
    /// <exception cref="GauFormatException">It is no index, or was changed; or a pipe or a device.</exception>
    public static InputIndex Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"{Printable.OneLine(path)}: a folder; name an index, a file");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{Printable.OneLine(path)}: no such file", path);
        // Before it is opened: that would wait for whoever writes into a pipe.
        if (FileStamp.Of(path) is null)
            throw Unseekable(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        if (!file.CanSeek)
            throw Unseekable(path);
        if (file.Length > LargestFile)
            throw new GauFormatException(path, "start", "is larger than any index");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Read(bytes, path);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="name">What the user calls it.</param>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static InputIndex Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes.StartsWith(Magic))
            throw new GauFormatException(name, "start", "is no index of inputs: 'gau index' makes one");
        if (bytes.Length < Magic.Length + DigestLength
            || XxHash128.HashToUInt128(bytes[..^DigestLength])
                != BinaryPrimitives.ReadUInt128LittleEndian(bytes[^DigestLength..]))
            throw new GauFormatException(name, "end", "is damaged: its checksum is not that of its bytes");
        Cursor cursor = new(bytes[Magic.Length..^DigestLength], Magic.Length, name);
        int version = cursor.Int();
        if (version != Version)
            throw cursor.Fault($"has version {version}; this program reads {Version}");
        long blockLength = cursor.Long(least: 1);
        int count = cursor.Count(1);
        List<IndexedInput> inputs = new(Math.Min(count, 1024));
        HashSet<string> names = [];
        for (int i = 0; i < count; i++)
        {
            inputs.Add(Input(ref cursor, blockLength));
            if (!names.Add(inputs[^1].Name))
                throw cursor.Fault("an input is there twice");
        }
        if (cursor.Left > 0)
            throw cursor.Fault("something follows behind the inputs");
        return new InputIndex(inputs, blockLength);
    }

    private static GauFormatException Unseekable(string path) =>
        new(path, "start", "is no file but a pipe or a device: an index is read from a file");

    private static void Put(ArrayBufferWriter<byte> bytes, IndexedInput input)
    {
        byte[] name = Encoding.UTF8.GetBytes(input.Name);
        Put(bytes, name.Length);
        bytes.Write(name);
        IndexReading reading = input.Reading;
        bytes.Write(
        [
            (byte)reading.Format, (byte)reading.Encoding, (byte)reading.Quotes, reading.Delimiter,
            Flag(reading.HasHeader), Flag(reading.IsSingle),
        ]);
        Put(bytes, input.Size);
        Put(bytes, (UInt128)input.Modified);
        Put(bytes, input.ContentBytes);
        Put(bytes, input.Records);
        Put(bytes, input.LastPosition);
        Put(bytes, input.LongestBlank);
        Put(bytes, input.Blocks.Count);
        foreach (UInt128 block in input.Blocks)
            Put(bytes, block);
        Put(bytes, input.Places.Count);
        foreach (IndexPlace place in input.Places)
        {
            Put(bytes, place.Offset);
            Put(bytes, place.Records);
            Put(bytes, place.Line);
            bytes.Write([Flag(place.BehindReturn)]);
        }
    }

    private static IndexedInput Input(ref Cursor cursor, long blockLength)
    {
        string name = cursor.Text(cursor.Count(1));
        RecordFormat format = cursor.Word<RecordFormat>();
        IndexReading reading = new(
            format, cursor.Word<TextEncoding>(), cursor.Word<FieldQuotes>(), cursor.Delimiter(format), cursor.Flag(),
            cursor.Flag());
        long size = cursor.Long();
        Int128 modified = (Int128)cursor.Digest();
        long content = cursor.Long(), records = cursor.Long(), last = cursor.Long(most: content);
        if (records > 0 && reading.Delimiter == 0 && RecordFormats.IsDelimited(format))
            throw cursor.Fault($"{records} records, and nothing separates their fields");
        long blank = cursor.Long();
        int blocks = cursor.Count(DigestLength);
        if (blocks != content / blockLength + 1)
            throw cursor.Fault($"{blocks} digests for {content} bytes");
        UInt128[] digests = new UInt128[blocks];
        for (int i = 0; i < blocks; i++)
            digests[i] = cursor.Digest();
        IndexPlace[] places = new IndexPlace[cursor.Count(PlaceLength)];
        if (places.Length != 0 && (places.Length != last / blockLength || last > size))
            throw cursor.Fault($"{places.Length} places for {last} bytes");
        IndexPlace before = new(0, 0, 1, false);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = before = new IndexPlace(
                cursor.Long(Math.Max(before.Offset, (i + 1) * blockLength), last), cursor.Long(before.Records, records),
                cursor.Long(before.Line), cursor.Flag());
        }
        return new IndexedInput
        {
            Name = name,
            Reading = reading,
            Size = size,
            Modified = modified,
            ContentBytes = content,
            Records = records,
            LastPosition = last,
            LongestBlank = blank,
            Blocks = digests,
            Places = places,
        };
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    private static void Put(ArrayBufferWriter<byte> bytes, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(sizeof(int)), value);
        bytes.Advance(sizeof(int));
    }

    private static void Put(ArrayBufferWriter<byte> bytes, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    private static void Put(ArrayBufferWriter<byte> bytes, UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.GetSpan(DigestLength), value);
        bytes.Advance(DigestLength);
    }

    /// <summary>Takes values off the bytes, each of them checked.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> bytes, int start, string name)
    {
        private readonly int length = bytes.Length;
        private ReadOnlySpan<byte> left = bytes;

        public readonly int Left => left.Length;

        public readonly GauFormatException Fault(string reason) => new(
            name, string.Create(CultureInfo.InvariantCulture, $"byte {start + length - left.Length}"), reason);

        private byte Byte() => Take(1)[0];

        // What separates fields; 0 where nothing does, as there are none.
        public byte Delimiter(RecordFormat format)
        {
            byte value = Byte();
            bool canHaveFields = RecordFormats.IsDelimited(format);
            return value == 0 || canHaveFields && FieldDelimiter.IsPossible((char)value)
                ? value
                : throw Fault($"{value} separates no fields");
        }

        public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public UInt128 Digest() => BinaryPrimitives.ReadUInt128LittleEndian(Take(DigestLength));

        public long Long(long least = 0, long most = long.MaxValue)
        {
            long value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
            return value >= least && value <= most ? value : throw Fault($"{value} cannot be");
        }

        public bool Flag()
        {
            byte value = Byte();
            return value <= 1 ? value == 1 : throw Fault($"{value} is no flag");
        }

        public T Word<T>() where T : struct, Enum
        {
            byte value = Byte();
            T word = System.Runtime.CompilerServices.Unsafe.BitCast<int, T>(value);
            return Enum.IsDefined(word) ? word : throw Fault($"{value} is no {typeof(T).Name}");
        }

        // How many things follow, none of which can be shorter than that.
        public int Count(int leastLength)
        {
            int count = Int();
            return count >= 0 && count <= left.Length / leastLength
                ? count
                : throw Fault($"{count} things of {leastLength} bytes in {left.Length}");
        }

        public string Text(int byteCount)
        {
            ReadOnlySpan<byte> text = Take(byteCount);
            return System.Text.Unicode.Utf8.IsValid(text)
                ? Encoding.UTF8.GetString(text)
                : throw Fault("a name that is not UTF-8");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > left.Length)
                throw Fault("ends too soon");
            ReadOnlySpan<byte> taken = left[..count];
            left = left[count..];
            return taken;
        }
    }
}
