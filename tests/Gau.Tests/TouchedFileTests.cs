using FluentAssertions;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>No file that a command writes is another that it touches, whatever it is called.</summary>
public sealed class TouchedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public TouchedFileTests()
    {
        model = folder.Path("model.safetensors");
        TinyModel.Write(model, TinyModel.Sequence);
        folder.Write("in.jsonl", "{\"text\":\"今天\"}\n");
        folder.Write("v.npy", [0x93, .. "NUMPY\u0001\0"u8]);
        folder.Write("v.npy.json", "{}");
        folder.Write("in.jsonl.json", "");
        folder.Write("v.npy.ids.jsonl", "{\"id\":1}\n");
        Directory.CreateDirectory(folder.Path("parts"));
        File.CreateSymbolicLink(folder.Path("link.jsonl"), folder.Path("in.jsonl"));
        File.CreateSymbolicLink(folder.Path("link.safetensors"), "model.safetensors");
        File.CreateSymbolicLink(folder.Path("here"), ".");
        File.CreateSymbolicLink(folder.Path("later"), folder.Path("out"));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("in.jsonl", "score {link.jsonl} -o {in.jsonl} --force")]
    [InlineData("link.jsonl", "score {in.jsonl} -o {link.jsonl} --force")]
    [InlineData("here/in.jsonl", "score {in.jsonl} -o {here/in.jsonl} --force")]
    [InlineData("hard.jsonl", "score {in.jsonl} -o {hard.jsonl} --force")]
    [InlineData("in.jsonl", "score {here} -o {in.jsonl} --force")]
    [InlineData("in.jsonl", "embed {here/*.jsonl} -o {out} --rejects {in.jsonl} --force")]
    [InlineData("link.jsonl", "fill {in.jsonl} -o {out} --status-file {link.jsonl}")]
    [InlineData("model.safetensors", "score {in.jsonl} -o {out} --status-file {model.safetensors} --model {link.safetensors}")]
    [InlineData("model.safetensors", "explain 今天 -o {model.safetensors} --force --model {link.safetensors}")]
    [InlineData("link.jsonl", "forward --input {in.jsonl} -o {link.jsonl} --force")]
    [InlineData("link.jsonl", "eval {in.jsonl} --labels label --rejects {link.jsonl} --force")]
    [InlineData("v.npy.json", "dedup {v.npy} -o {v.npy.json} --force")]
    [InlineData("v.npy.ids.jsonl", "search {v.npy} 今天 -o {here/v.npy.ids.jsonl} --force")]
    [InlineData("made.jsonl.partial", "score {in.jsonl} {made.jsonl.partial} -o {made.jsonl} --force", "a work file of the results")]
    [InlineData("made.jsonl.journal", "score {made.jsonl.journal} -o {made.jsonl} --resume", "a work file of the results")]
    [InlineData("parts/part-00000-of-00002.jsonl", "score {parts} -o {here/parts} --shard 0/2 --force")]
    [InlineData("parts/part-00000-of-00002.jsonl", "score {in.jsonl} {parts/part-00000-of-00002.jsonl} -o {parts} --shard 1/2 --force")]
    public void Run_LinkToWhatIsRead_IsRefusedDespiteForce(string name, string line, string? written = null)
    {
        Link("in.jsonl", "hard.jsonl");
        if (written is not null || name.StartsWith("parts", StringComparison.Ordinal))
            folder.Write(name, "{\"text\":\"明天\"}\n");
        Refused(line, 73, "this is an input");
    }

    [Theory]
    [InlineData("score {in.jsonl} -o {out} --rejects {out}", "--output and --rejects")]
    [InlineData("score {in.jsonl} -o {out} --rejects {here/out}", "--output and --rejects")]
    [InlineData("score {in.jsonl} -o {out} --rejects {later}", "--output and --rejects")]
    [InlineData("score {in.jsonl} -o {out} --rejects {out.partial}", "--rejects and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out} --rejects {out.journal}", "--rejects and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out.parquet} --rejects {out.parquet.table}", "--rejects and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out.partial} --rejects {out}", "--output and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out} --status-file {out}", "--output and --status-file")]
    [InlineData("score {in.jsonl} -o {out} --status-file {out.partial}", "--status-file and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out} --status-file {here/out.journal}", "--status-file and a work file of the results")]
    [InlineData("score {in.jsonl} -o {out} --rejects {bad} --status-file {bad}", "--rejects and --status-file")]
    [InlineData("score {in.jsonl} -o {out} --rejects {bad} --status-file {bad.partial}", "--status-file and a work file of the results")]
    [InlineData("score {in.jsonl} --rejects {bad} --status-file {bad}", "--rejects and --status-file")]
    [InlineData("score {in.jsonl} -o {new} --shard 0/2 --status-file {new}", "a part of the results and --status-file")]
    [InlineData("score {in.jsonl} -o {parts} --shard 0/2 --status-file {parts/part-00001-of-00002.jsonl.done}", "a part of the results and --status-file")]
    [InlineData("score {in.jsonl} -o {new} --shard 0/2 --rejects {parts} --status-file {here/parts/part-00000-of-00002.rejects.jsonl}", "a part of the results and --status-file")]
    [InlineData("eval {in.jsonl} --clue-task tnews -o {out} --rejects {here/out}", "--output and --rejects")]
    public void Run_TwoOutputsOfOneName_IsAUsageError(string line, string names) =>
        Refused(line, 2, $"{names} name the same file");

    [Fact]
    public void Run_StandardStreamsThatAreFiles_CountToo()
    {
        string[] before = Contents();
        FileIdentity? input = FileIdentity.Of(folder.Path("in.jsonl"));
        Of(["score", folder.Path("link.jsonl")], 1, input).Should().Be("error: standard output: this is an input\n");
        Of(["tokenize", "--input", folder.Path("in.jsonl")], 1, input).Should().Be("error: standard output: this is an input\n");
        Of(["compare", folder.Path("in.jsonl"), model], 2, input).Should().Be("error: standard error: this is an input\n");
        Of(["score", "-", "-o", folder.Path("in.jsonl"), "--force"], 0, input).Should().EndWith("in.jsonl: this is an input\n");
        Of(["score", "-", "-o", folder.Path("out")], 2, FileIdentity.Of(folder.Path("out.journal")))
            .Should().EndWith("out.journal: standard error and a work file of the results name the same file\n");
        Contents().Should().Equal(before);
    }

    [Theory]
    [InlineData("score {in.jsonl} {in.jsonl} {link.jsonl} -o {out} --rejects {bad} --status-file {status}")]
    [InlineData("score {in.jsonl} -o /dev/null --rejects /dev/null --status-file {status}")]
    [InlineData("score {in.jsonl} -o {parts} --shard 0/1 --rejects {parts} --status-file {parts/status.json}")]
    [InlineData("score {in.jsonl} -o {parts} --shard 0/1 --rejects {here/parts}")]
    [InlineData("score {in.jsonl} -o {in.jsonl.json} --force")]
    [InlineData("score {in.jsonl} -o {a/b/parts} --shard 0/1 --rejects {a/b/bad}")]
    public void Run_FilesThatDiffer_AreAllMade(string line)
    {
        GauRun run = Run(line);
        run.Code.Should().Be(0, run.Error);
    }

    [Theory]
    [InlineData("score {in.jsonl} -o {out} --rejects -", "--rejects")]
    [InlineData("score {in.jsonl} --status-file -", "--status-file")]
    [InlineData("eval {in.jsonl} --labels label --rejects -", "--rejects")]
    [InlineData("dedup {in.jsonl} --rejects -", "--rejects")]
    [InlineData("score {in.jsonl} -o {parts} --shard 0/2 --rejects -", "--rejects")]
    public void Run_StandardOutputForAnythingButResults_IsRefused(string line, string option)
    {
        GauRun run = Run(line);
        run.Code.Should().Be(2);
        run.Error.Should().Be($"error: {option}: name a file; results alone go to standard output\n");
        File.Exists("-").Should().BeFalse();
    }

    private void Refused(string line, int code, string reason)
    {
        string[] before = Contents();
        GauRun run = Run(line);
        run.Error.Should().EndWith($": {reason}\n");
        run.Code.Should().Be(code);
        Contents().Should().Equal(before);
    }

    private GauRun Run(string line) => GauRun.Of(
        [.. line.Split(' ').Select(arg => arg.StartsWith('{') ? folder.Path(arg.Trim('{', '}')) : arg)], "",
        new() { ["GAU_MODEL"] = model });

    private string Of(string[] args, int stream, FileIdentity? file)
    {
        using StringWriter error = new();
        GauProgram.Run(args, new CommandHost
        {
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
            StandardFile = number => number == stream ? file : null,
            Error = error,
            Environment = name => name == "GAU_MODEL" ? model : null,
            CancelCode = () => 0,
        });
        return error.ToString();
    }

    private string[] Contents() =>
    [
        .. Directory.GetFiles(folder.Root).Concat(Directory.GetFiles(folder.Path("parts"))).Order(StringComparer.Ordinal)
            .Select(path => new FileInfo(path).LinkTarget ?? $"{path} {System.Convert.ToHexString(File.ReadAllBytes(path))}"),
    ];

    private void Link(string from, string to)
    {
        using System.Diagnostics.Process link = System.Diagnostics.Process.Start("ln", [folder.Path(from), folder.Path(to)]);
        link.WaitForExit();
    }
}
