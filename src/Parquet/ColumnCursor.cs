using System.Numerics;

namespace GauRuntime.Parquet;

/// <summary>Goes through the values of a column in a row group; memory holds one page and a dictionary.</summary>
internal sealed class ColumnCursor : ValueCursor
{
    private readonly SchemaColumn column;
    private readonly PageReader pages;
    private long left;
    private int leftInPage;
    private ValueDictionary? dictionary;
    private RunDecoder? repetitions;
    private RunDecoder? definitions;
    private ValueDecoder? values;
    private bool inRow;
    private bool atNextRow;

    public ColumnCursor(ParquetFile file, SchemaColumn column, ColumnChunk chunk)
    {
        this.column = column;
        pages = new PageReader(file, chunk);
        left = chunk.Values;
    }

    public override bool HasValue => Definition == column.MaxDefinition;

    public override bool HasElement => Definition >= column.ElementDefinition;

    public override bool HasList => Definition >= column.ElementDefinition - 1;

    public override ReadOnlySpan<byte> Value => values!.Current;

    /// <summary>The definition level of the value, or of what stands in its place.</summary>
    public int Definition { get; private set; }

    /// <summary>The repetition level of the value: in which list it is another element; 0: the row begins.</summary>
    public int Repetition { get; private set; }

    public override void NextRow()
    {
        while (inRow && NextInRow())
        {
        }
        if (!atNextRow)
            MoveNext(isNewRow: true);
        atNextRow = false;
        inRow = column.MaxRepetition > 0;
    }

    public override bool NextInRow()
    {
        if (!inRow || left == 0)
            return inRow = false;
        if (MoveNext(isNewRow: false))
            return true;
        atNextRow = true;
        return inRow = false;
    }

    /// <summary>Steps over rows; pages that lie within are not even read where a row has one value.</summary>
    public override void SkipRows(long count)
    {
        for (; count > 0 && column.MaxRepetition > 0; count--)
            NextRow();
        while (count > 0)
        {
            if (leftInPage == 0)
            {
                if (NextDataPage() is var header && header.Values <= count)
                {
                    pages.Skip(header);
                    left -= header.Values;
                    count -= header.Values;
                    continue;
                }
                Load(header);
            }
            int step = (int)Math.Min(count, leftInPage);
            if (definitions is not null)
                step = SkipDefinitions(step);
            else
                values!.Skip(step);
            count -= step;
            left -= step;
            leftInPage -= step;
        }
    }

    private int SkipDefinitions(int most)
    {
        int step = definitions!.SameAhead(most);
        int definition = definitions.Next();
        definitions.SkipSame(step - 1);
        if (definition == column.MaxDefinition)
            values!.Skip(step);
        return step;
    }

    // Whether what follows belongs to the same row.
    private bool MoveNext(bool isNewRow)
    {
        while (leftInPage == 0)
            Load(NextDataPage());
        left--;
        leftInPage--;
        Repetition = repetitions?.Next() ?? 0;
        Definition = definitions?.Next() ?? 0;
        if (Definition > column.MaxDefinition || Repetition > column.MaxRepetition || isNewRow && Repetition != 0)
            throw new TableFault("a page is corrupt: its levels are out of range");
        if (HasValue)
            values!.MoveNext();
        return Repetition > 0;
    }

    private PageHeader NextDataPage()
    {
        while (pages.Next() is { } header)
        {
            switch (header.Kind)
            {
                case PageKind.Index:
                    pages.Skip(header);
                    break;
                case PageKind.Dictionary:
                    if (dictionary is not null)
                        throw new TableFault("a column with two dictionaries");
                    dictionary = new ValueDictionary(pages.Read(header), header.Values, column);
                    break;
                default:
                    return header.Values <= left
                        ? header
                        : throw new TableFault("a column has more values than it claims");
            }
        }
        throw new TableFault("a column has fewer values than it claims");
    }

    private void Load(PageHeader header)
    {
        byte[] page = pages.Read(header);
        int start = 0;
        if (header.Kind == PageKind.DataV2)
        {
            int definitionStart = header.RepetitionLength;
            start = definitionStart + header.DefinitionLength;
            repetitions = Levels(column.MaxRepetition, width => new RunDecoder(page, 0, definitionStart, width));
            definitions = Levels(column.MaxDefinition, width => new RunDecoder(page, definitionStart, start, width));
        }
        else
        {
            repetitions = Levels(column.MaxRepetition, width => PageValues.Runs(page, start, width, out start));
            definitions = Levels(column.MaxDefinition, width => PageValues.Runs(page, start, width, out start));
        }
        values = PageValues.Of(page, start, header.Encoding, column, dictionary);
        leftInPage = header.Values;
    }

    private static RunDecoder? Levels(int greatest, Func<int, RunDecoder> make) =>
        greatest == 0 ? null : make(BitOperations.Log2((uint)greatest) + 1);
}
