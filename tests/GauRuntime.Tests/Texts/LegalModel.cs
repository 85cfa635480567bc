using System.Text.Json;

namespace GauRuntime.Tests.Texts;

/// <summary>The default model, and texts for it.</summary>
internal static class LegalModel
{
    public static string Path { get; } =
        System.IO.Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors");

    /// <summary>The first texts of samples/legal.jsonl.</summary>
    public static string[] Texts { get; } =
    [
        .. File.ReadLines(System.IO.Path.Combine(Fixtures.Root, "samples", "legal.jsonl")).Take(12)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!),
    ];

    /// <summary>Lines of samples/masks.txt.</summary>
    public static string[] Masked { get; } = File.ReadAllLines(System.IO.Path.Combine(Fixtures.Root, "samples", "masks.txt"));
}
