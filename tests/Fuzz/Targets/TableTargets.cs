using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tests.Arrow;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Tables of typed columns.</summary>
internal static class TableTargets
{
    public static IEnumerable<FuzzTarget> All =>
    [
        Table("parquet", RecordFormat.Parquet, () =>
            Directory.GetFiles(Fixtures.Path("parquet"), "*.parquet").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)),
        Table("arrow", RecordFormat.Arrow, () =>
            new[] { "file", "stream", "file lz4", "stream zstd" }.Select(OracleTable.Write)),
    ];

    // What is compressed may make a thousand times as much; what claims more must not be believed.
    private static FuzzTarget Table(string name, RecordFormat format, Func<IEnumerable<byte[]>> seeds) =>
        new(name, seeds, input => RecordTargets.Read(input.Bytes, format, new RecordFields { KeepOthers = true }))
        {
            FixedBytes = 32 << 20, BytesPerByte = 2048,
        };
}
