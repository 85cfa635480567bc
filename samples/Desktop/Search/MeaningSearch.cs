using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Table;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Search;

/// <summary>Finds the rows of a job whose texts mean what is asked for.</summary>
/// <remarks>Thread-safe. A row that was rejected, or has no text, has no vector.</remarks>
internal sealed class MeaningSearch : IDisposable
{
    private readonly EmbeddingVectors vectors;
    private readonly EmbeddingIndex index;
    private readonly ModelLease lease;
    private readonly GauEmbedder queries;
    private readonly int[] rows;   // of each vector

    private MeaningSearch(EmbeddingVectors vectors, int[] rows, ModelLease lease, CancellationToken cancel)
    {
        (this.vectors, this.rows, this.lease) = (vectors, rows, lease);
        string? prompt = lease.Model.Embedding?.Prompts.FirstOrDefault(known => known.Name == "query")?.Name;
        queries = new GauEmbedder(lease.Model, new EmbedderOptions { Prompt = prompt });
        index = new EmbeddingIndex(vectors, cancel: cancel);
    }

    /// <summary>Reads the vectors of a job.</summary>
    /// <exception cref="GauFormatException">They are not those of its rows, or another model made them.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static MeaningSearch Open(JobFolder folder, RowTable table, ModelShelf models, CancellationToken cancel)
    {
        int[] rows = new int[table.Count];
        int count = 0;
        for (int row = 0; row < table.Count; row++)
        {
            if ((table.Flags(row) & (RowFlags.Rejected | RowFlags.Textless)) == 0)
                rows[count++] = row;
        }
        EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(folder.Vectors);
        ModelLease? lease = null;
        try
        {
            lease = models.Take(folder.Description.Model);
            folder.RequireVectorsModel(lease.Model);
            if (vectors.Count != count)
                throw new GauFormatException(
                    folder.Vectors, "rows", $"{vectors.Count} vectors for {count} rows of results");
            return new MeaningSearch(vectors, rows, lease, cancel);
        }
        catch
        {
            vectors.Dispose();
            lease?.Dispose();
            throw;
        }
    }

    /// <summary>The closest rows, best first.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="top">How many.</param>
    public IReadOnlyList<(int Row, float Score)> Find(string query, int top) =>
    [
        .. index.FindClosest(queries.Embed(query).Vector.Span, top)
            .Select(found => (rows[found.Row], found.Score)),
    ];

    public void Dispose()
    {
        index.Dispose();
        vectors.Dispose();
        lease.Dispose();
    }
}
