using System.Text;
using System.Text.Json;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>The commands over a tiny model, in this process; the classes of a folder of records share it.</summary>
public sealed class TinyGau : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public TinyGau()
    {
        TinyModel.Write(Model, TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = Model };
    }

    /// <summary>Its model file.</summary>
    internal string Model => Path("model.safetensors");

    /// <summary>The files in its folder.</summary>
    internal string[] Files => folder.Files;

    public void Dispose() => folder.Dispose();

    internal string Path(string name) => folder.Path(name);

    /// <summary>Runs a command line whose arguments hold no spaces; standard input is its input.</summary>
    internal GauRun Run(string command, byte[] input) => GauRun.Of(command.Split(' '), input, environment);

    /// <inheritdoc cref="Run(string, byte[])"/>
    internal GauRun Run(string command, string input) => Run(command, Encoding.UTF8.GetBytes(input));

    /// <summary>Runs a command and reads its rejects file.</summary>
    internal (GauRun Run, JsonElement[] Rejects) RunWithRejects(string command, byte[] input)
    {
        string path = Path($"{Guid.NewGuid():N}.jsonl");
        GauRun run = Run($"{command} --rejects {path}", input);
        JsonElement[] rejects = File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : [];
        File.Delete(path);
        return (run, rejects);
    }

    /// <summary>What the rows of a run in JSON Lines say, without the ids.</summary>
    internal static string[] Answers(GauRun run) =>
        [.. run.Lines.Select(row => row[(row.IndexOf(',', StringComparison.Ordinal) + 1)..])];

    internal static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
