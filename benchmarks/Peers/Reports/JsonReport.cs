using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The raw results.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, PeerResults results) =>
        File.WriteAllText(path, JsonSerializer.Serialize(results, Options) + "\n");

    public static PeerResults Read(string path) =>
        JsonSerializer.Deserialize<PeerResults>(File.ReadAllText(path), Options)!;
}
