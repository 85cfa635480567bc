using System.Security.Cryptography;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

/// <summary>Pretraining of a very small model, an update of which takes some milliseconds.</summary>
internal sealed class TinyRun : IDisposable
{
    private const int Documents = 60;

    private static readonly string[][] Usual =
    [
        ["--layers", "2"], ["--hidden", "32"], ["--segmenter", "char"], ["--max-length", "32"], ["--batch-tokens", "256"],
        ["--threads", "1"], ["--held-out", "0.05"],
    ];

    private readonly TemporaryFolder folder = new(), texts = new();

    public TinyRun() => texts.Write(
        "corpus.jsonl", string.Concat(File.ReadLines(Fixtures.Path("legal", "test.jsonl")).Take(Documents).Select(line => line + "\n")));

    /// <summary>Some legal texts.</summary>
    public string Corpus => texts.Path("corpus.jsonl");

    /// <summary>The folder of all that is written.</summary>
    public string Root => folder.Root;

    public string Path(string name) => folder.Path(name);

    public string Write(string name, string content) => folder.Write(name, content);

    public void Dispose()
    {
        folder.Dispose();
        texts.Dispose();
    }

    /// <summary>The state that a run keeps.</summary>
    public string State(string output) => System.IO.Path.Combine(folder.Path(output) + ".training", "state.safetensors");

    /// <summary>A command line, in which what is given more counts.</summary>
    public string[] Arguments(string output, params string[] more) =>
        ["pretrain", Corpus, "-o", folder.Path(output), .. Usual.Where(one => !more.Contains(one[0])).SelectMany(one => one), .. more];

    /// <summary>Runs it in this process.</summary>
    public (int Code, string Output, string Error) Run(string output, params string[] more) =>
        GauTrain.Run(Arguments(output, more));

    /// <summary>Runs it to its end.</summary>
    /// <returns>The digest of each file of the checkpoint, by name.</returns>
    public SortedDictionary<string, string> Finish(string output, params string[] more)
    {
        (int code, _, string error) = Run(output, more);
        code.Should().Be(0, error);
        return Digests(output);
    }

    /// <summary>The digest of each file of a checkpoint, by name.</summary>
    public SortedDictionary<string, string> Digests(string output)
    {
        SortedDictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(folder.Path(output)))
            digests.Add(
                System.IO.Path.GetFileName(file), System.Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        digests.Should().ContainKey("model.safetensors");
        return digests;
    }

    /// <summary>The command line for a shell.</summary>
    public string Shell(string output, params string[] more) =>
        $"{ChildProcess.Command("gau-train")} {string.Join(' ', Arguments(output, more).Select(word => $"'{word}'"))}";
}
