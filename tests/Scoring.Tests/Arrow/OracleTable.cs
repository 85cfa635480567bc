using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace GauRuntime.Scoring.Tests.Arrow;

/// <summary>A table of all types that are read, written by Apache.Arrow.</summary>
internal static class OracleTable
{
    /// <summary>Two batches of three rows, written as <c>file</c> or <c>stream</c>, with <c>lz4</c> or <c>zstd</c>.</summary>
    public static byte[] Write(string kind) => Write(
        [Batch(0), Batch(3)], kind.StartsWith("stream", StringComparison.Ordinal),
        kind.EndsWith("lz4", StringComparison.Ordinal) ? CompressionCodecType.Lz4Frame
            : kind.EndsWith("zstd", StringComparison.Ordinal) ? CompressionCodecType.Zstd : null);

    /// <summary>Batches as a file, or as a stream.</summary>
    public static byte[] Write(
        IReadOnlyList<RecordBatch> batches, bool isStream = false, CompressionCodecType? codec = null)
    {
        using MemoryStream output = new();
        IpcOptions options = new()
        {
            CompressionCodec = codec,
            CompressionCodecFactory = codec is null ? null : new CompressionCodecFactory(),
        };
        using (ArrowStreamWriter writer = isStream
            ? new ArrowStreamWriter(output, batches[0].Schema, leaveOpen: true, options)
            : new ArrowFileWriter(output, batches[0].Schema, leaveOpen: true, options))
        {
            foreach (RecordBatch batch in batches)
                writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        return output.ToArray();
    }

    /// <summary>A batch of some columns.</summary>
    public static RecordBatch Batch(params (string Name, IArrowArray Values)[] columns)
    {
        Schema schema = new([.. columns.Select(c => new Field(c.Name, c.Values.Data.DataType, true))], null);
        return new RecordBatch(schema, columns.Select(c => c.Values), columns[0].Values.Length);
    }

    /// <summary>Texts, of which some are null.</summary>
    public static StringArray Texts(params string?[] texts)
    {
        StringArray.Builder builder = new();
        foreach (string? text in texts)
            _ = text is null ? builder.AppendNull() : builder.Append(text);
        return builder.Build();
    }

    /// <summary>Bytes by offsets of 64 bits.</summary>
    public static LargeStringArray LargeTexts(params string[] texts)
    {
        List<byte> values = [], offsets = [.. BitConverter.GetBytes(0L)];
        foreach (string text in texts)
        {
            values.AddRange(Encoding.UTF8.GetBytes(text));
            offsets.AddRange(BitConverter.GetBytes((long)values.Count));
        }
        ArrowBuffer[] buffers =
            [ArrowBuffer.Empty, new ArrowBuffer(offsets.ToArray()), new ArrowBuffer(values.ToArray())];
        return new LargeStringArray(new ArrayData(LargeStringType.Default, texts.Length, 0, 0, buffers));
    }

    // Three rows, numbered from a number on.
    private static RecordBatch Batch(int first)
    {
        StringViewArray.Builder views = new();
        ListArray.Builder lists = new(StringType.Default);
        StringArray.Builder items = (StringArray.Builder)lists.ValueBuilder;
        Int64Array.Builder ids = new();
        for (int i = first; i < first + 3; i++)
        {
            views.Append(i % 2 == 0 ? "短" : $"一个比十二个字节长的文本{i}");
            ids.Append(100 + i);
        }
        lists.Append();
        items.Append("甲");
        items.Append("乙");
        lists.AppendNull();
        lists.Append();
        items.AppendNull();
        DictionaryArray codes = new(
            new DictionaryType(Int8Type.Default, StringType.Default, false),
            new Int8Array.Builder().Append(1).AppendNull().Append(0).Build(), Texts("零", "一"));
        StructArray point = new(
            new StructType([new Field("x", Int32Type.Default, true), new Field("s", StringType.Default, true)]), 3,
            [new Int32Array.Builder().Append(1).Append(2).AppendNull().Build(), Texts("a", null, "c")],
            ArrowBuffer.Empty, 0);
        return Batch(
            ("id", ids.Build()),
            ("text", Texts($"今天{first}", null, "天气")),
            ("large", LargeTexts("大一", "", "大三")),
            ("view", views.Build()),
            ("code", codes),
            ("list", lists.Build()),
            ("flag", new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build()),
            ("tiny", new Int8Array.Builder().Append(-1).Append(2).AppendNull().Build()),
            ("word", new UInt16Array.Builder().Append(65535).Append(0).AppendNull().Build()),
            ("wide", new UInt64Array.Builder().Append(ulong.MaxValue).Append(1).AppendNull().Build()),
            ("single", new FloatArray.Builder().Append(0.1f).Append(-2).AppendNull().Build()),
            ("ratio", new DoubleArray.Builder().Append(0.25).Append(double.NaN).AppendNull().Build()),
            ("day", new Date32Array.Builder().Append(new DateTime(2026, 11, 29)).AppendNull().AppendNull().Build()),
            ("at", new TimestampArray.Builder(new TimestampType(TimeUnit.Second, "UTC"))
                .Append(new DateTimeOffset(2026, 11, 29, 1, 2, 3, TimeSpan.Zero)).AppendNull().AppendNull().Build()),
            ("price", new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(12.5m).Append(-0.01m).AppendNull()
                .Build()),
            ("point", point),
            ("none", new NullArray(3)));
    }
}
