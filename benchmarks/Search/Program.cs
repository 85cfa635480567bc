using System.Globalization;
using GauRuntime;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Search;

// Search, near duplicates and clusters beside the loop that one would write with TensorPrimitives, in one process:
//   dotnet run -c Release --project benchmarks/Search -- ROWS GROUPED CLUSTERS DIMENSIONS
int[] sizes = [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
int rows = sizes.ElementAtOrDefault(0) is > 0 and var r ? r : 1_000_000;
int grouped = sizes.ElementAtOrDefault(1) is > 0 and var g ? g : 100_000;
int clusters = sizes.ElementAtOrDefault(2) is > 0 and var c ? c : 100;
int dimensions = sizes.ElementAtOrDefault(3) is > 0 and var d ? d : 768;
const int Top = 10, Queries = 20, Pairs = 2000;

Machine machine = Machine.Read();
Console.WriteLine(
    $"{machine.Processor}, {machine.Framework}, {Environment.ProcessorCount} processors, {dimensions} dimensions");
string file = Path.Combine(Path.GetTempPath(), $"gau-search-{Guid.NewGuid():N}.npy");
try
{
    SampleVectors.Write(file, rows, dimensions);
    float[] queries = SampleVectors.Of(Queries, dimensions, seed: 2);
    using (EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(file))
    {
        EmbeddingIndex? index = null;
        Measure.Print($"open an index of {rows}", Measure.Once(() => index = new EmbeddingIndex(vectors)));
        using (index)
        {
            Measure.Print("resident memory then, MiB", Measure.ResidentMebibytes());
            Measure.Print("a query, median", Measure.Median(Queries, i =>
                index!.FindClosest(queries.AsSpan(i * dimensions, dimensions), Top)));
            using EmbeddingVectors asked = EmbeddingVectors.Of(queries, dimensions);
            double batch = Measure.Once(() => index!.FindClosest(asked, Top));
            Measure.Print($"a query of {Queries} at once", batch / Queries);
            Measure.Print("resident memory then, MiB", Measure.ResidentMebibytes());
        }
    }
    byte[] bytes = new byte[(long)rows * dimensions];
    bytes.AsSpan().Fill(2);
    Measure.Print($"reading {rows} vectors of int8", Measure.Median(9, _ => PlainLoops.Read(bytes)));
    bytes = [];
    float[] values = SampleVectors.Of(grouped, dimensions, seed: 1);
    Measure.Print($"a query of {grouped}, TensorPrimitives", Measure.Median(3, i =>
        PlainLoops.Closest(values, queries.AsMemory(i * dimensions, dimensions), Top)));
    using EmbeddingVectors some = EmbeddingVectors.Of(values, dimensions);
    using (EmbeddingIndex index = new(some))
        Measure.Print($"a query of {grouped}, index", Measure.Median(Queries, i =>
            index.FindClosest(queries.AsSpan(i * dimensions, dimensions), Top)));
    double dedup = Measure.Once(() => NearDuplicates.Find(some, 0.95f));
    Measure.Print($"near duplicates among {grouped}", dedup);
    double plain = Measure.Once(() => PlainLoops.Pairs(values.AsMemory(0, Pairs * dimensions), dimensions, 0.95f));
    double share = (double)grouped / Pairs * grouped / Pairs;
    Measure.Print($"the same, TensorPrimitives, {Pairs} extrapolated", plain * share);
    EmbeddingClusters? found = null;
    double seconds = Measure.Once(() => found = EmbeddingClusters.Find(some, clusters));
    Measure.Print($"{clusters} clusters of {grouped}, {found!.Rounds} rounds", seconds);
}
finally
{
    File.Delete(file);
}
return 0;
