using System.Text.Json;

namespace GauRuntime.Train.Tests;

/// <summary>A file of tests/fixtures/training; its README says what made it.</summary>
internal static class TrainingFixture
{
    public static JsonElement Read(string name)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("training", name)));
        return json.RootElement.Clone();
    }

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    public static int[] Integers(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];
}
