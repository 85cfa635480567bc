using System.Text;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Vectors;

/// <summary>A line of JSON for each cluster: its number, its size, and the records closest to its centre.</summary>
internal static class ClusterLines
{
    /// <summary>Writes them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="table">The records.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="nearest">Of each the records closest to its centre.</param>
    public static void Write(
        Stream output, VectorTable table, EmbeddingClusters clusters,
        IReadOnlyList<IReadOnlyList<ClosestVector>> nearest)
    {
        for (int cluster = 0; cluster < clusters.Count; cluster++)
        {
            string line = JsonText.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("cluster"u8, cluster);
                json.WriteNumber("size"u8, clusters.Size(cluster));
                json.WriteStartArray("nearest"u8);
                foreach (ClosestVector near in nearest[cluster])
                {
                    json.WriteStartObject();
                    table.Id(near.Row).WriteProperties(json);
                    json.WriteNumber("similarity"u8, near.Score);
                    if (table.HasTexts)
                        json.WriteString("text"u8, table.Text(near.Row));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
            output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
