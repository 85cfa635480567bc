using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Evaluation.Rows;

/// <summary>The rows of a file; where pairs of queries and candidates are rows, those of a query as one.</summary>
/// <param name="rows">The file.</param>
internal sealed class QueryRows(ResultReader rows)
{
    private ResultRow? ahead;   // read, and of the next query

    /// <summary>The next row, or null at the end.</summary>
    /// <exception cref="GauFormatException">It is no result, or a query has more candidates than can be.</exception>
    public ResultRow? Read()
    {
        ResultRow? row = ahead ?? rows.Read();
        ahead = null;
        if (row is { IsPair: true })
            Gather(row);
        // In JSON they are those of all pairs, in a table of one, and --top leaves some out.
        if (row?.Results is not null)
            (row.Tokens, row.Truncated) = (null, null);
        return row;
    }

    // Puts all pairs of a query into the row of its first.
    private void Gather(ResultRow row)
    {
        row.Results = [];
        bool isLeft = true;
        for (ResultRow pair = row; isLeft; pair = ahead!)
        {
            if (pair.Rank is not null)
                row.Results.Add(new RankedResult(pair.Candidate ?? "", pair.Score!.Value, pair.Truncated == true));
            if (row.Results.Count > JsonValues.MostItems)
                throw new GauFormatException(
                    rows.Name, string.Create(CultureInfo.InvariantCulture, $"line {pair.Line}"),
                    $"more than {JsonValues.MostItems} candidates of a query");
            ahead = rows.Read();
            isLeft = ahead is { IsPair: true } && Follows(pair, ahead);
        }
        (row.Score, row.Candidate, row.Rank, row.IsPair) = (null, null, null, false);
    }

    // Ranks count up, and behind them stand the candidates that were rejected. A query without any has an empty row.
    private static bool Follows(ResultRow last, ResultRow next) => last.Id == next.Id && (next.Rank, last.Rank) switch
    {
        ({ } rank, { } before) => rank == before + 1,
        (null, { }) => next.IsRejectedPair,
        (null, null) => last.IsRejectedPair && next.IsRejectedPair,
        _ => false,
    };
}
