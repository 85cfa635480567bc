using System.Text;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Files of CLUE's tasks: a line with the task, then a file of it.</summary>
internal static class ClueTargets
{
    private const string Answers = "chid_answer";
    private const int LongestName = 16, LongestLine = 1 << 14, MostRecords = 10_000;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("clue", () => [.. ClueTask.Names.Append(Answers).Select(Seed)], input => Read(input.Bytes))
        {
            FixedBytes = 32 << 20,
        },
    ];

    private static byte[] Seed(string name) =>
        [.. Encoding.ASCII.GetBytes(name + "\n"), .. File.ReadAllBytes(Fixtures.Path("clue", name + ".json"))];

    private static void Read(byte[] bytes)
    {
        int end = bytes.AsSpan(0, Math.Min(bytes.Length, LongestName)).IndexOf((byte)'\n');
        string name = Encoding.ASCII.GetString(bytes, 0, Math.Max(end, 0));
        byte[] content = bytes[(end + 1)..];
        if (name == Answers)
            IdiomBlanks.ReadAnswers("answers", new MemoryStream(content, writable: false));
        else
            Read(ClueTask.Find(name) ?? throw new GauFormatException("input", "start", "no task"), content);
    }

    private static void Read(ClueTask task, byte[] content)
    {
        HeadConfig head = TinyModel.NoHead with { Kind = task.Head, Labels = task.Labels };
        InputFile input = new(
            "input", RecordFormat.JsonLines, content.Length, () => new MemoryStream(content, writable: false));
        Dictionary<string, int> answers = new() { ["#idiom000000#"] = 0, ["#idiom000001#"] = 100 };
        using RecordSource source = new([task.Input(input, head, answers)], new RecordFields(), LongestLine);
        for (int i = 0; i < MostRecords && source.Next() is not null; i++)
        {
        }
    }
}
