using System.Globalization;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Vectors;

/// <summary>
/// The vectors that are closest to that of a record: <c>results</c> with <c>id</c> and <c>score</c>, best first; or a
/// row for each of them, with <c>candidate</c>, <c>rank</c> and <c>score</c>.
/// </summary>
internal sealed class SearchTask : RecordTask
{
    private const long BytesPerResult = 96;   // in a row, besides the id

    private readonly VectorHead head;
    private readonly VectorTable table;
    private readonly EmbeddingIndex index;
    private readonly int top;
    private readonly bool rowPerPair;

    /// <summary>Makes the task.</summary>
    /// <param name="head">Makes the vectors of the records.</param>
    /// <param name="table">What is searched.</param>
    /// <param name="index">Its vectors.</param>
    /// <param name="top">Keep so many of the best.</param>
    /// <param name="rowPerPair">Whether a result is a row, or a record is.</param>
    public SearchTask(VectorHead head, VectorTable table, EmbeddingIndex index, int top, bool rowPerPair)
        : base(head)
    {
        (this.head, this.table, this.index, this.top, this.rowPerPair) = (head, table, index, top, rowPerPair);
        Columns = rowPerPair
            ? [new("candidate", ResultType.Text), new("rank", ResultType.Whole), new("score", ResultType.Number)]
            : [new("results", ResultType.Json)];
    }

    internal override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"search, {head.Name}, top {top}");

    internal override IReadOnlyList<ResultColumn> Columns { get; }

    internal override IReadOnlyList<KeyValuePair<string, string>> DependsOn =>
    [
        new("index", string.Create(
            CultureInfo.InvariantCulture, $"{table.Vectors.Count} vectors of digest {table.Digest():x32}")),
    ];

    internal override long RejectedCandidates => table.NotEmbedded;

    internal override IReadOnlyList<RejectedRecord> CandidateRejects => table.RejectedRecords;

    /// <summary>A vector of zeros has no direction, so nothing is close to it.</summary>
    internal override string? Fault(Answer answer) => ((VectorAnswer)answer).Values.ContainsAnyExcept(0f)
        ? null
        : "its vector is of zeros, and has no direction";

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + Math.Min(top, index.Count) * BytesPerResult;

    internal override long HeapBytes(int threads) => index.Bytes + table.Bytes;

    internal override ReadOnlySpan<byte> Values(Answer answer, in TextRecord record, ResultRows rows)
    {
        if (!rowPerPair)
            return base.Values(answer, record, rows);
        rows.BeginSeveral();
        int rank = 0;
        foreach (ClosestVector found in Closest(answer))
        {
            RecordId id = table.Id(found.Row);
            rows.Begin();
            rows.Text("candidate", id.IsMissing ? null : id.ToString());
            rows.Count("rank", ++rank);
            rows.Number("score", found.Score);
            WriteInfo(answer.Text, record.Replaced, rows);
            rows.EndRow();
        }
        return rows.EndSeveral();
    }

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        Utf8JsonWriter json = rows.BeginNested("results");
        json.WriteStartArray();
        foreach (ClosestVector found in Closest(answer))
        {
            json.WriteStartObject();
            table.Id(found.Row).WriteProperties(json);
            json.WriteNumber("score"u8, found.Score);
            if (table.HasTexts)
                json.WriteString("text"u8, table.Text(found.Row));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }

    private IReadOnlyList<ClosestVector> Closest(Answer answer) =>
        index.FindClosest(((VectorAnswer)answer).Values, top);
}
