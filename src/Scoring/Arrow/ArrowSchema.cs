using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>What the columns of an Arrow file are. Numbers of fields are those of Schema.fbs of the format.</summary>
internal sealed class ArrowSchema
{
    private const int Deepest = 64;
    private const int MostFields = 100_000;   // the same bytes can stand for many fields

    private readonly Dictionary<long, ArrowField> dictionaries = [];
    private int count;
    private long texts;   // bytes that they may still take

    /// <summary>Reads a schema.</summary>
    /// <exception cref="TableFault">It is malformed.</exception>
    public ArrowSchema(FlatTable schema)
    {
        texts = MostTexts(schema.Capacity);
        if (schema.Int16(0) != 0)
            throw new TableFault("its numbers have their most significant byte first, and are not read");
        Fields = Read(schema.Tables(1), 0);
        Notes = ReadNotes(schema.Tables(2), ref texts);
        Columns = [.. Fields.Select((field, i) => field.Column(i))];
        Nodes =
        [
            .. Fields.Select((field, i) => new SchemaNode(
                field.Name, Repetition.Optional, Annotation.None, 1, 0, Columns[i], [])),
        ];
    }

    public IReadOnlyList<ArrowField> Fields { get; }

    public IReadOnlyList<SchemaColumn> Columns { get; }

    public IReadOnlyList<SchemaNode> Nodes { get; }

    /// <summary>The fields whose values dictionaries hold, by the dictionaries' ids.</summary>
    public IReadOnlyDictionary<long, ArrowField> Dictionaries => dictionaries;

    /// <summary>Names and texts that its writer gave it.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; }

    /// <summary>How much texts in so many bytes may take: several fields may refer to the same.</summary>
    public static long MostTexts(int bytes) => 16L * bytes + (1 << 20);

    /// <summary>Names and texts; of a name that stands there twice the last text.</summary>
    /// <param name="pairs">Where they are.</param>
    /// <param name="texts">Bytes that they may take.</param>
    /// <exception cref="TableFault">They are malformed.</exception>
    public static Dictionary<string, string> ReadNotes(FlatVector pairs, ref long texts)
    {
        Dictionary<string, string> notes = [];
        for (int i = 0; i < pairs.Count; i++)
        {
            FlatTable pair = pairs.Table(i);
            notes[pair.Text(0, ref texts)] = pair.Text(1, ref texts);
        }
        return notes;
    }

    private List<ArrowField> Read(FlatVector fields, int depth)
    {
        if (depth > Deepest)
            throw new TableFault($"fields nested deeper than {Deepest}");
        List<ArrowField> read = [];
        for (int i = 0; i < fields.Count; i++)
            read.Add(Read(fields.Table(i), depth));
        return read;
    }

    private ArrowField Read(FlatTable field, int depth)
    {
        if (++count > MostFields)
            throw new TableFault($"more than {MostFields} fields");
        ArrowField read = ArrowTypes.Read(
            field.Text(0, ref texts), field.Byte(2), field.Table(3), Read(field.Tables(5), depth + 1),
            ReadNotes(field.Tables(6), ref texts).GetValueOrDefault("ARROW:extension:name"));
        return field.Table(4) is { } dictionary ? Encoded(read, dictionary) : read;
    }

    private ArrowField Encoded(ArrowField values, FlatTable encoding)
    {
        (int width, bool isSigned) = encoding.Table(1) is { } index
            ? (ArrowTypes.IntWidth(index), index.Byte(1) != 0)
            : (4, true);
        long id = encoding.Int64(0);
        if (!dictionaries.TryAdd(id, values) && !AreAlike(dictionaries[id], values))
            throw new TableFault($"two fields have dictionary {id}, but other values");
        return new ArrowField
        {
            Name = values.Name,
            Shape = ArrowShape.Fixed,
            Width = width,
            Meaning = values.Meaning,
            Dictionary = new ArrowDictionary(id, isSigned),
            Unread = values.Unread ?? (values.Meaning is null ? "dictionaries of lists or structures" : null),
        };
    }

    private static bool AreAlike(ArrowField one, ArrowField other) =>
        (one.Shape, one.Width, one.Meaning) == (other.Shape, other.Width, other.Meaning);
}
