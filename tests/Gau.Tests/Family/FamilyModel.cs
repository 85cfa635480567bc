using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Tests.Family;

/// <summary>A tiny model of an architecture, records for it, and the commands over them.</summary>
internal sealed class FamilyModel : IDisposable
{
    private const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文语言模型 abc12，。";

    private readonly TemporaryFolder folder = new();

    public FamilyModel(Architecture architecture, HeadConfig head)
    {
        TinyModel.Write(Path("model"), head, architecture: architecture);
        Model = GauModel.Load(Path("model"));
        // As every kind of head reads them; one in a dozen has no text.
        Random random = new(5);
        Records =
        [
            .. Enumerable.Range(0, 40).Select(i => i % 12 == 9 ? $"{{\"id\":{i}}}"
                : $"{{\"id\":{i},\"text\":\"{Text(random)}\",\"pair\":\"{Text(random)}\",\"choices\":[\"{Text(random)}\",\"{Text(random)}\"]}}"),
        ];
        folder.Write("in.jsonl", string.Join('\n', Records));
    }

    public FamilyModel(Architecture architecture, HeadKind kind)
        : this(architecture, TinyModel.HeadOf(architecture, kind))
    {
    }

    public GauModel Model { get; }

    /// <summary>What stands in <c>in.jsonl</c>.</summary>
    public string[] Records { get; }

    /// <summary>The command for its own head: vectors where there is none.</summary>
    public string Command => Model.Head.Kind == HeadKind.MaskedLm ? "embed" : "score";

    /// <summary>Which fields that command reads.</summary>
    public string[] Fields =>
        Model.Head.Kind == HeadKind.QuestionAnswering ? ["--text", "text", "--pair", "pair"] : [];

    public string Path(string name) => folder.Path(name);

    public string Write(string name, string content) => folder.Write(name, content);

    public void Dispose()
    {
        Model.Dispose();
        folder.Dispose();
    }

    /// <summary>Runs a command whose arguments in braces are files of the folder.</summary>
    public GauRun Run(params string[] args) => GauRun.Of(
        [.. folder.Named(args), "--model", Path("model")]);

    /// <summary>The same, which has to end well.</summary>
    public GauRun Done(params string[] args)
    {
        GauRun run = Run(args);
        run.Code.Should().Be(0, run.Error);
        return run;
    }

    /// <summary>The rows of a command over some records.</summary>
    public JsonElement[] Rows(string command, IEnumerable<object> records, params string[] more)
    {
        Write("records.jsonl", string.Join('\n', records.Select(record => JsonSerializer.Serialize(record))));
        return [.. Done([command, "{records.jsonl}", .. more]).Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The bits of some numbers.</summary>
    public static string Bits(IEnumerable<float> numbers) =>
        string.Join(' ', numbers.Select(BitConverter.SingleToInt32Bits));

    /// <inheritdoc cref="Bits(IEnumerable{float})"/>
    public static string Bits(JsonElement numbers) => Bits(numbers.ValueKind == JsonValueKind.Object
        ? numbers.EnumerateObject().Select(member => member.Value.GetSingle())
        : numbers.EnumerateArray().Select(number => number.GetSingle()));

    private static string Text(Random random) => string.Concat(
        Enumerable.Range(0, random.Next(1, 20)).Select(_ => Characters[random.Next(Characters.Length)]));
}
