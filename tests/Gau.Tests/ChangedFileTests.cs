using System.Diagnostics;
using System.Text;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Inputs and models that change while a command reads them.</summary>
public sealed class ChangedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model, input;

    public ChangedFileTests()
    {
        model = folder.Path("model.safetensors");
        TinyModel.Write(model, TinyModel.Sequence);
        input = folder.Write("in.jsonl", Lines(1, 40));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_InputGrowsBeforeItIsOpened_Ends74AndCannotBeResumed()
    {
        string output = folder.Path("out.jsonl");
        (int code, string error) = Score(() => File.AppendAllText(input, Lines(41, 1)), "-", input, "-o", output);
        error.Should().EndWith($"error: {input}: was changed while it was read (it had {Bytes(40)} bytes and has "
            + $"{Bytes(41)}); start over, with --force where results are kept\n");
        code.Should().Be(74);
        File.Exists(output).Should().BeFalse();
        (code, error) = Score(() => { }, "-", input, "-o", output, "--resume");
        error.Should().Contain("size of input 2: was");
        code.Should().Be(78);
        Score(() => { }, "-", input, "-o", output, "--force").Code.Should().Be(0);
    }

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    public void Run_InputChangesOnTheWayToStandardOutput_Ends74(string command)
    {
        (int code, string error) = Run(
            () => File.SetLastWriteTimeUtc(input, DateTime.UtcNow.AddSeconds(5)), command, "-", input);
        error.Should().Contain("it has been written to");
        code.Should().Be(74);
    }

    [Theory]
    [InlineData("score", "-o", "out.jsonl")]
    [InlineData("score", "-o", "out.parquet")]
    [InlineData("score", "--rejects", "bad.jsonl")]
    [InlineData("eval", "--labels", "label")]
    public void Run_ModelIsWrittenToMeanwhile_Ends74AndPublishesNothing(string command, string option, string value)
    {
        (int code, string error) = Run(
            () => File.SetLastWriteTimeUtc(model, DateTime.UtcNow.AddSeconds(5)),
            command, "-", option, value.Contains('.', StringComparison.Ordinal) ? folder.Path(value) : value);
        error.Should().Contain($"{model}: was changed while it was read (it has been written to)");
        code.Should().Be(74);
        folder.Files.Should().Equal("in.jsonl", "model.safetensors");
    }

    [Fact]
    public void Score_ModelIsReplacedByARename_GoesOnWithTheFormer()
    {
        (int code, string error) = Run(
            () =>
            {
                File.WriteAllText(model + ".new", "another");
                File.Move(model + ".new", model, overwrite: true);
            },
            "score", "-", "-o", folder.Path("out.jsonl"));
        code.Should().Be(0, error);
    }

    [Fact]
    public void Score_ModelIsTruncatedMeanwhile_PublishesNothingAndResumesOnceItIsRestored()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows lets nobody truncate a file that is mapped");
        byte[] weights = File.ReadAllBytes(model);
        string output = folder.Path("out.jsonl");
        ScoreWhileTheModelIsTruncated(output).Should().NotBe(0);
        File.Exists(output).Should().BeFalse();
        File.WriteAllBytes(model, weights);
        GauRun run = GauRun.Of(
            ["score", "-", "-o", output, "--model", model, "--resume", "--json"], Lines(1, 200), []);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().MatchRegex("\"resumed_records\":[1-9]");
        GauRun whole = GauRun.Of(["score", "-", "--model", model], Lines(1, 200), []);
        File.ReadAllText(output).Should().Be(whole.Output);
    }

    private int ScoreWhileTheModelIsTruncated(string output)
    {
        string script = $"ulimit -c 0; exec {ChildProcess.Command("gau")} score - -o '{output}' --model '{model}' --resume "
            + "--checkpoint-seconds 0 --batch-tokens 16 --threads 1";
        using Process process = ChildProcess.Start(script);
        _ = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(Lines(1, 100));
        process.StandardInput.Flush();
        ChildProcess.Until(() => new FileInfo(output + ".journal") is { Exists: true, Length: > 1500 });
        using (FileStream file = new(model, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(1);
        try
        {
            process.StandardInput.Write(Lines(101, 100));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }
        return ChildProcess.End(process);
    }

    private (int Code, string Error) Score(Action change, params string[] args) => Run(change, ["score", .. args]);

    // The change happens when the run asks for standard input, which is before it opens what follows.
    private (int Code, string Error) Run(Action change, params string[] args)
    {
        using StringWriter error = new();
        Action? once = change;   // a stream that can seek is opened again
        int code = GauProgram.Run(args, new CommandHost
        {
            OpenInput = () =>
            {
                once?.Invoke();
                once = null;
                return new MemoryStream(Encoding.UTF8.GetBytes(Lines(0, 1)));
            },
            OpenOutput = () => Stream.Null,
            Error = error,
            Environment = name => name == "GAU_MODEL" ? model : null,
            CancelCode = () => 0,
        });
        return (code, error.ToString());
    }

    private static int Bytes(int lines) => Encoding.UTF8.GetByteCount(Lines(1, lines));

    private static string Lines(int first, int count) => string.Concat(
        Enumerable.Range(first, count).Select(i => $"{{\"id\":{i},\"text\":\"今天天气{i}\",\"label\":\"a\"}}\n"));
}
