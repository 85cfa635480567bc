using System.Reflection;
using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>
/// The commands of docs/models.md run as they stand there, on folders of the same layout as those that they name.
/// </summary>
public sealed partial class ModelsPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "models.md"));

    private readonly TemporaryFolder folder = new();

    public ModelsPageTests()
    {
        CopyFolder("st-tiny-cls", "bge-small-zh-v1.5");
        CopyFolder("st-tiny", "text2vec-base-chinese");
        CopyFolder("st-tiny", "m3e-base");
        CopyFolder("cross-tiny", "my-chinese-reranker");
        CopyFolder("roformer-tiny", "chinese_roformer-char_base", "config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json");
        CopyFolder("bert-tiny/head-seq", "my-roberta-wwm-classifier", "config.json", "model.safetensors");
        CopyFolder("bert-tiny", "my-roberta-wwm-classifier", "vocab.txt", "tokenizer_config.json");
        CopyFolder("bert-tiny/head-seq", "output", "model.ckpt-1234.index", "model.ckpt-1234.data-00000-of-00001");
        CopyFolder("bert-tiny/head-seq", ".", "bert_config.json");
        CopyFolder("bert-tiny", ".", "vocab.txt");
        folder.Write("labels.txt", "一\n二\n三\n四\n五\n");
        string[] texts = ["今天天气很好", "我们去公园玩吧", "明天下雨了", "大家一起学习中文"];
        foreach (string name in (string[])["passages", "queries", "sentences", "texts", "found"])
            folder.Write($"{name}.jsonl", string.Concat(texts.Select(
                (text, i) => $"{{\"id\":\"{i}\",\"query_id\":{i % 2},\"text\":\"{text}\"}}\n")));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Commands_OfThePage_DoWhatItSays()
    {
        string[] commands =
        [
            .. Blocks().Matches(Page).SelectMany(block => block.Groups[1].Value.Split('\n'))
                .Where(line => line.Length > 0),
        ];
        commands.Length.Should().BeGreaterThan(12);
        foreach (string command in commands)
        {
            string[] words = [.. command.Split(' ').Select((word, i) => i == 0 ? word : At(word))];
            (int code, string error) = words[0] switch
            {
                "gau" => Outcome(GauRun.Of(words[1..])),
                "gau-convert" => Convert(words[1..]),
                _ => (-1, "no program of ours"),
            };
            code.Should().Be(0, "{0}: {1}", command, error);
        }
        File.ReadAllLines(folder.Path("ranked.jsonl")).Should().HaveCount(4);
        File.ReadAllLines(folder.Path("found-ranked.csv")).Should().HaveCount(1 + 4 + 2, "two queries have no passage");
        File.ReadAllText(folder.Path("cost.html")).Should().Contain("keeps the vectors of 4 texts");
    }

    // What the shell finds in the folder.
    private string At(string word) =>
        word.EndsWith(".safetensors", StringComparison.Ordinal) || File.Exists(folder.Path(word))
        || Directory.Exists(folder.Path(word)) || File.Exists(folder.Path(word + ".index"))
        || Outputs().IsMatch(word) ? folder.Path(word) : word;

    private static (int, string) Outcome(GauRun run) => (run.Code, run.Error);

    // Its types have the names of those in gau, so that both cannot be known here.
    private static (int, string) Convert(string[] words)
    {
        using StringWriter output = new(), error = new();
        MethodInfo run = Assembly.Load("gau-convert").GetType("GauRuntime.Convert.CommandLine")!
            .GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        return ((int)run.Invoke(null, [words, output, error, false])!, error.ToString());
    }

    private void CopyFolder(string fixture, string name, params string[] files)
    {
        string from = Fixtures.Path([.. fixture.Split('/')]);
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, path), copy = folder.Path(Path.Combine(name, relative));
            if (files.Length > 0 && !files.Contains(relative))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^[\w-]+\.(parquet|jsonl|csv|html)$")]
    private static partial Regex Outputs();
}
