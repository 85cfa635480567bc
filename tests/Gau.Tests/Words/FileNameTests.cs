using FluentAssertions;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary>Messages name files as the user did.</summary>
public sealed class FileNameTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public FileNameTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.jsonl", "{\"text\":5}\n{\"text\":\"今天\"}\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(78, "score {in.jsonl} -o {out.jsonl} --resume --max-length 8", "out.jsonl: a file kept beside it: belongs to another job (")]
    [InlineData(73, "score {in.jsonl} -o {out.jsonl}", "out.jsonl: an interrupted run has left work files; --resume goes on")]
    [InlineData(73, "score {in.jsonl} -o {blocked.jsonl}", "blocked.jsonl: a file kept beside it: a folder of that name exists")]
    [InlineData(73, "score {in.jsonl} -o {no/out.jsonl}", "no/out.jsonl: cannot be created: ")]
    [InlineData(73, "score {in.jsonl} -o {no/out.jsonl} --dry-run 1", "no/out.jsonl: cannot be created: ")]
    [InlineData(73, "score {in.jsonl} --rejects {no/bad.jsonl}", "no/bad.jsonl: cannot be created: ")]
    [InlineData(73, "explain 今天 -o {no/page.html}", "no/page.html: cannot be created: ")]
    public void Message_AboutAWorkFile_NamesTheFileOfTheUser(int code, string line, string message)
    {
        Run("score {in.jsonl} -o {out.jsonl} --max-rejects 0").Code.Should().Be(3);
        Directory.CreateDirectory(folder.Path("blocked.jsonl.partial"));
        GauRun run = Run(line);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().Contain(message)
            .And.NotContain(".journal").And.NotContain(".partial").And.NotContain(".tmp");
    }

    [Fact]
    public void Message_JournalThatCannotBeRead_NamesTheFileOfTheUser()
    {
        File.WriteAllText(folder.Path("out.jsonl.journal"), "something else\n");
        GauRun run = Run("score {in.jsonl} -o {out.jsonl} --resume");
        run.Code.Should().Be(78);
        run.Error.Should().Contain("out.jsonl: a file kept beside it: ").And.NotContain(".journal");
    }

    private GauRun Run(string line) => GauRun.Of(folder.Named(line.Split(' ')), "", environment);
}
