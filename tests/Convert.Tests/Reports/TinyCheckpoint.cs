using System.Text.Json;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>A checkpoint of a few kilobytes with a classifier, and texts for it.</summary>
internal static class TinyCheckpoint
{
    /// <summary>Writes both into a folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="texts">How many texts.</param>
    /// <param name="architecture">Which of the fixtures.</param>
    /// <param name="head">The folder of its head; empty: the masked LM.</param>
    /// <returns>The path of the texts.</returns>
    public static string Write(
        TemporaryFolder folder, int texts = 12, Architecture architecture = Architecture.GauAlpha,
        string head = "head-seq")
    {
        foreach (string name in (string[])["model.safetensors", "config.json"])
            folder.Copy(Architectures.Fixture(architecture, head, name));
        folder.Copy(Architectures.Fixture(architecture, "vocab.txt"));
        string[] words = [.. File.ReadAllLines(Fixtures.Gau("vocab.txt")).Where(word => word.Length == 1)];
        Random random = new(4);
        return folder.Write("texts.jsonl", string.Concat(Enumerable.Range(0, texts).Select(i =>
        {
            string text = string.Concat(Enumerable.Range(0, 20 + i).Select(_ => words[random.Next(words.Length)]));
            return JsonSerializer.Serialize(new { id = $"t{i}", text, kind = $"LABEL_{i % 5}" }) + "\n";
        })));
    }

    /// <summary>Converts, expects success, and reads the report.</summary>
    public static JsonElement Report(TemporaryFolder folder, params string[] more) =>
        ReportOf(folder, folder.Root, more);

    /// <summary>Converts another checkpoint, expects success, and reads the report.</summary>
    public static JsonElement ReportOf(TemporaryFolder folder, string checkpoint, params string[] more)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.json");
        ToolResult result = Tool.Run([checkpoint, "-o", path + ".out", "--report", path, .. more]);
        result.Code.Should().Be(0, result.Error);
        return JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
    }
}
