using System.Text.Json;
using System.Xml.Linq;

namespace GauRuntime.Library.Tests;

/// <summary>Files of the repository that tests use.</summary>
internal static class Repository
{
    public static string Model { get; } = At("models", "legal.int8.safetensors");

    /// <summary>The version of all packages and programs.</summary>
    public static string Version { get; } = XDocument.Load(At("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>Texts of samples/legal.jsonl.</summary>
    public static string[] Texts { get; } =
    [
        .. File.ReadLines(At("samples", "legal.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!),
    ];

    public static string At(params string[] parts) => Path.Combine([Fixtures.Root, .. parts]);
}
