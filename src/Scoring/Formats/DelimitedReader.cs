using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>CSV and TSV: RFC 4180 with a header, which names the columns.</summary>
/// <remarks>
/// Written by hand, because a library that parses decoded characters can neither tell which record was not UTF-8, nor
/// at which byte a record began, nor step over a record that is too long without keeping it.
/// </remarks>
internal sealed class DelimitedReader : RecordReader
{
    private readonly RecordFields _fields;
    private readonly List<string> _row = [];
    private readonly byte _delimiter;
    private readonly string[] _header;
    private readonly int _id = -1;
    private readonly int _text = -1;
    private readonly int _pair = -1;
    private readonly int _choices = -1;

    public DelimitedReader(string source, LineReader lines, RecordFields fields, bool tabs, long firstNumber)
        : base(source, lines, firstNumber)
    {
        _fields = fields;
        lines.Delimiters = tabs ? [(byte)'\t'] : [(byte)',', (byte)';'];
        if (!lines.Read())
        {
            _header = [];
            return;
        }
        CheckHeader();
        _delimiter = tabs ? (byte)'\t' : DelimitedLine.Delimiter(lines.Line);
        lines.Delimiters = [_delimiter];
        if (DelimitedLine.Split(lines.Line, _delimiter, _row) is { } error)
            throw Malformed(error);
        _header = [.. _row];
        _id = Column(fields.Id, required: false);
        _text = Column(fields.Text, required: fields.Choices is null);
        _pair = fields.Pair is null ? -1 : Column(fields.Pair, required: true);
        _choices = fields.Choices is null ? -1 : Column(fields.Choices, required: true);
    }

    public override TextRecord? Read()
    {
        // An empty line is a record of one empty field, and so a record only where there is one column.
        do
        {
            if (_header.Length == 0 || !Lines.Read())
                return null;
            if (Lines.Unclosed)
                throw Malformed("the input ends inside quotes that open in this record");
        }
        while (_header.Length > 1 && Lines.Line.IsEmpty && !Lines.TooLong);

        long number = TakeNumber();
        RecordId id = RecordId.OfNumber(number);
        if ((RecordErrors.OfLine(Lines) ?? DelimitedLine.Split(Lines.Line, _delimiter, _row)) is { } error)
            return Reject(number, id, error);
        if (_row.Count != _header.Length)
            return Reject(number, id, $"{_row.Count} fields where the header has {_header.Length}");
        return Record(number, _id < 0 ? id : RecordId.OfText(_row[_id]));
    }

    private TextRecord Record(long number, RecordId id)
    {
        List<string>? choices = null;
        if (_choices >= 0 && ParseChoices(_row[_choices], choices = []) is { } error)
            return Reject(number, id, error);
        return new TextRecord
        {
            Number = number,
            Id = id,
            Place = Place,
            Text = _text < 0 ? null : _row[_text],
            Pair = _pair < 0 ? null : _row[_pair],
            Choices = choices,
            Others = _fields.KeepOthers ? Others() : null,
        };
    }

    private string? ParseChoices(string cell, List<string> choices)
    {
        try
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(cell));
            reader.Read();
            return JsonRecord.ReadChoices(ref reader, _fields.Choices!, choices);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"field '{_fields.Choices}': expected a JSON array of strings";
        }
    }

    private string Others()
    {
        OtherFields others = new();
        for (int i = 0; i < _header.Length; i++)
        {
            if (i == _id || i == _text || i == _pair || i == _choices)
                continue;
            others.AddText(_header[i], _row[i]);
        }
        return others.ToString();
    }

    private void CheckHeader()
    {
        if (Lines.TooLong)
            throw Malformed("the header is longer than the longest line allowed");
        if (Lines.Unclosed)
            throw Malformed("the input ends inside quotes that open in the header");
        if (!Utf8.IsValid(Lines.Line))
            throw Malformed(RecordErrors.NotUtf8(Lines.Line));
    }

    private int Column(string name, bool required)
    {
        int column = Array.IndexOf(_header, name);
        if (column < 0 && required)
            throw Malformed($"no column '{name}'; the columns are {string.Join(", ", _header.Select(n => $"'{n}'"))}");
        if (column >= 0 && Array.LastIndexOf(_header, name) != column)
            throw Malformed($"two columns are called '{name}'");
        return column;
    }

    private GauFormatException Malformed(string reason) => new(Source, $"line {Lines.Number}", reason);
}
