namespace GauRuntime.Parquet;

/// <summary>The values of a dictionary page.</summary>
internal sealed class ValueDictionary
{
    private readonly byte[] page;
    private readonly int[] offsets;
    private readonly int[] lengths;

    public ValueDictionary(byte[] page, int count, SchemaColumn column)
    {
        int least = ValueDecoder.Width(column) ?? (column.Type == PhysicalType.ByteArray ? 4
            : throw new TableFault("a dictionary of truth values"));
        if ((long)count * least > page.Length)
            throw new TableFault($"a dictionary that claims {count} values in {page.Length} bytes");
        this.page = page;
        offsets = new int[count];
        lengths = new int[count];
        ValueDecoder values = column.Type == PhysicalType.ByteArray
            ? new ByteArrayValues(page, 0)
            : new FixedValues(page, 0, least);
        for (int i = 0; i < count; i++)
        {
            values.MoveNext();
            lengths[i] = values.Current.Length;
            // Where the value ends is known by what has been read: a byte array stands behind its length.
            offsets[i] = column.Type == PhysicalType.ByteArray
                ? (i == 0 ? 0 : offsets[i - 1] + lengths[i - 1]) + 4
                : i * least;
        }
    }

    /// <summary>The values that the indexes of a data page name.</summary>
    /// <param name="indexes">The indexes, or null where all of them are 0.</param>
    public ValueDecoder Values(RunDecoder? indexes) => new Lookup(this, indexes);

    private sealed class Lookup : ValueDecoder
    {
        private readonly ValueDictionary dictionary;
        private readonly RunDecoder? indexes;

        public Lookup(ValueDictionary dictionary, RunDecoder? indexes)
        {
            this.dictionary = dictionary;
            this.indexes = indexes;
            Buffer = dictionary.page;
        }

        public override void MoveNext()
        {
            int index = indexes?.Next() ?? 0;
            if ((uint)index >= dictionary.offsets.Length)
                throw new TableFault($"a page is corrupt: the dictionary has no value {(uint)index}");
            (Offset, Length) = (dictionary.offsets[index], dictionary.lengths[index]);
        }
    }
}
