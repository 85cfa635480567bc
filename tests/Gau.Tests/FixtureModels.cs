using System.Collections.Concurrent;

namespace GauRuntime.Cli.Tests;

/// <summary>The golden fixtures' checkpoints, converted to F32 model files by gau-convert.</summary>
public sealed class FixtureModels : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> models = new();

    /// <summary>The model file of a fixture folder such as <c>gau-tiny/head-seq</c>.</summary>
    public string Path(string fixture, string dialect = "port") =>
        models.GetOrAdd($"{fixture} {dialect}", _ => new Lazy<string>(() => Convert(fixture, dialect))).Value;

    public void Dispose() => folder.Dispose();

    private string Convert(string fixture, string dialect)
    {
        string model = folder.Path($"{fixture.Replace('/', '-')}-{dialect}.safetensors");
        string source = Fixtures.Path([.. fixture.Split('/')]);
        string vocabulary = Fixtures.Path(fixture.Split('/')[0], "vocab.txt");
        (int code, _, string error) = ChildProcess.Shell(
            $"{ChildProcess.Command("gau-convert")} '{source}/model.safetensors' --config '{source}/config.json' --vocab '{vocabulary}' --type f32 --dialect {dialect} -o '{model}'");
        return code == 0 ? model : throw new InvalidOperationException(error);
    }
}
