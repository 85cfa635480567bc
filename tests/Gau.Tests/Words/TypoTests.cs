using System.CommandLine;
using FluentAssertions;
using GauRuntime.Cli.Tests.Shell;
using GauRuntime.Tools.Shell;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary>Command lines with a slip: what is wrong, what was meant, and where to read on.</summary>
public sealed class TypoTests
{
    [Theory]
    [InlineData("scoer x.jsonl", "unknown command 'scoer'; did you mean 'score'? 'gau --help' lists what there is")]
    [InlineData("emb x.jsonl", "unknown command 'emb'; did you mean 'embed'? 'gau --help' lists what there is")]
    [InlineData("x.jsonl", "unknown command 'x.jsonl'; 'gau --help' lists what there is")]
    [InlineData("score x.jsonl --otput y", "unknown option '--otput'; did you mean '--output'? 'gau score --help' lists what there is")]
    [InlineData("score x.jsonl --otput=y", "unknown option '--otput'; did you mean '--output'? 'gau score --help' lists what there is")]
    [InlineData("merge x --froce", "unknown option '--froce'; did you mean '--force'? 'gau merge --help' lists what there is")]
    [InlineData("eval x --lable y", "unknown option '--lable'; did you mean '--labels'? 'gau eval --help' lists what there is")]
    [InlineData("inspect --zzz", "unknown option '--zzz'; 'gau inspect --help' lists what there is")]
    [InlineData("--model x score y", "'--model' goes behind the command, as in score --model; 'gau score --help' lists what there is")]
    [InlineData("score x --format josnl", "--format: 'josnl' is none of auto, jsonl, csv, tsv, txt, parquet, arrow; did you mean 'jsonl'? 'gau score --help' lists what there is")]
    [InlineData("score x --output-compression gzipped", "--output-compression: 'gzipped' is none of auto, none, gzip, zstd; did you mean 'gzip'? 'gau score --help' lists what there is")]
    [InlineData("embed x --pooling avg", "--pooling: 'avg' is none of cls, mean, max, lasttoken, mean_sqrt_len_tokens, weightedmean; 'gau embed --help' lists what there is")]
    [InlineData("completion bsh", "'bsh' is none of bash, zsh, fish; did you mean 'bash'?")]
    [InlineData("help scroe", "unknown command 'scroe'; did you mean 'score'?")]
    [InlineData("merge", "Required argument 'DIR' missing for command: 'merge'; 'gau merge --help' lists what there is")]
    [InlineData("forward --input x", "Option '--output' is required; 'gau forward --help' lists what there is")]
    [InlineData("merge x y", "'y' is one argument too many; 'gau merge --help' lists what there is")]
    [InlineData("score x --model", "--model needs a value: FILE; 'gau score --help' lists what there is")]
    [InlineData("score", "score needs INPUT, or --literal TEXT; 'gau score --help' lists what there is")]
    public void Run_Slip_NamesTheWordAndTheOneThatWasMeant(string line, string message)
    {
        GauRun run = GauRun.Of(line.Split(' '));
        run.Code.Should().Be(2);
        run.Error.Should().Be($"error: {message}\n");
    }

    // Every name with two neighbouring characters swapped.
    [Fact]
    public void Nearest_SwappedCharacters_FindsEveryCommandAndOption()
    {
        foreach (Command command in CommandTree.Root.Subcommands)
        {
            Check(command.Name, [.. CommandTree.Root.Subcommands.Select(c => c.Name)]);
            string[] options = [.. CommandTree.Options(command).Select(option => option.Name)];
            foreach (string option in options)
                Check(option, options);
        }

        static void Check(string name, string[] known)
        {
            char[] typed = name.ToCharArray();
            (typed[^2], typed[^1]) = (typed[^1], typed[^2]);
            Nearest.Of(new string(typed), known).Should().Be(name);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("今天天气")]
    [InlineData("somethingelse")]
    public void Nearest_NothingNear_IsNothing(string typed) =>
        Nearest.Of(typed, ["score", "embed", "eval"]).Should().BeNull();

    [Fact]
    public void Nearest_EndlessWord_IsNotCompared() =>
        Nearest.Of(new string('s', 1 << 20), ["score"]).Should().BeNull();
}
