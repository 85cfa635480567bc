using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>What docs/cluster.md says of GNU parallel and Snakemake is run as it stands there.</summary>
public sealed partial class ClusterPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parallel_LinesOfThePage_GiveTheBytesOfOneRun()
    {
        TestLevel.RequireLong();
        Require("parallel");
        Prepare();
        string lines = Block("GNU parallel", "sh", 0);
        lines.Should().Contain("gau index").And.Contain("parallel --retries").And.Contain("gau merge");
        Run(lines);
        ShouldBeWhole();
        string pipe = Block("GNU parallel", "sh", 1);
        pipe.Should().Contain("--pipepart");
        Run(pipe.Replace("scored.jsonl", "piped.jsonl", StringComparison.Ordinal));
        File.ReadAllText(folder.Path("piped.jsonl")).Should().Be(File.ReadAllText(folder.Path("whole.jsonl")));
    }

    [Fact]
    public void Snakemake_RulesOfThePage_GiveTheBytesOfOneRun()
    {
        TestLevel.RequireLong();
        Require("snakemake");
        Prepare();
        folder.Write("Snakefile", Block("Snakemake", "python", 0));
        string command = Block("Snakemake", "sh", 0).Split('\n')[0];
        command.Should().StartWith("snakemake ");
        Run(command);
        ShouldBeWhole();
        Directory.GetFiles(folder.Path("parts"), "*.done").Should().HaveCount(16);
        File.Delete(folder.Path("scored.jsonl"));
        File.Delete(folder.Path("parts/part-00003-of-00016.jsonl.done"));
        Run(command);
        ShouldBeWhole();
    }

    private static void Require(string program) => Assert.SkipUnless(
        ChildProcess.Shell($"command -v {program}").Code == 0, $"not installed: {program} (Debian: {program})");

    // The n-th block of a language below a heading of the page.
    private static string Block(string heading, string language, int number)
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "cluster.md"));
        int from = page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        from.Should().BePositive();
        string section = page[(from + 4)..].Split("\n## ")[0];
        return Fence().Matches(section).Where(match => match.Groups[1].Value == language).ElementAt(number).Groups[2].Value;
    }

    private void Prepare()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        // All with ids, which are the same from a pipe.
        folder.Write("texts.jsonl", string.Concat(
            SampleRecords.JsonLines(500).Split('\n').Where(line => line.Contains("\"id\"")).Select(line => line + "\n")));
        Directory.CreateDirectory(folder.Path("bin"));
        folder.Write("bin/gau", $"#!/bin/sh\nexec {ChildProcess.Command("gau")} \"$@\"\n");
        Run("chmod +x bin/gau; gau score texts.jsonl -o whole.jsonl");
    }

    private void ShouldBeWhole() =>
        File.ReadAllText(folder.Path("scored.jsonl")).Should().Be(File.ReadAllText(folder.Path("whole.jsonl")));

    private void Run(string script)
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"set -e; cd '{folder.Root}'; export HOME='{folder.Root}' PATH=\"$PWD/bin:$PATH\" "
            + $"GAU_MODEL='{folder.Path("model.safetensors")}'\n{script}",
            TimeSpan.FromMinutes(15));
        code.Should().Be(0, output + error);
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
