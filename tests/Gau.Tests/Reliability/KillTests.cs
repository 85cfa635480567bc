using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>Runs of the default model that are killed at random moments and resumed.</summary>
/// <remarks>Twice each; at <c>GAU_TESTS=ci</c> 16 times together, at <c>GAU_TESTS=long</c> 200 times.</remarks>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(20260301);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("jsonl", 2, 8, 80)]
    [InlineData("csv", 2, 4, 60)]
    [InlineData("shard", 2, 4, 60)]
    public void F1_KilledAtRandomMoments_ResumesToTheSameBytes(string kind, int usual, int ci, int @long)
    {
        folder.Write("in.jsonl", SampleRecords.JsonLines(TestLevel.Of(300, 300, 1000)));
        string output = kind == "shard" ? "parts" : $"out.{kind}";
        string final = kind == "shard" ? Path.Combine("parts", "part-00000-of-00001.jsonl") : output;
        string options = kind == "shard" ? "--shard 0/1 --rejects parts" : $"--rejects rejects.{kind}";
        string rejects = kind == "shard" ? Path.Combine("parts", "part-00000-of-00001.rejects.jsonl") : $"rejects.{kind}";
        (int code, _, string error) = ChildProcess.Shell(
            Command($"-o whole.{(kind == "csv" ? "csv" : "jsonl")} --rejects whole.rejects"));
        code.Should().Be(0, error);
        byte[] whole = File.ReadAllBytes(folder.Path(kind == "csv" ? "whole.csv" : "whole.jsonl"));
        byte[] wholeRejects = File.ReadAllBytes(folder.Path("whole.rejects"));

        int killed = 0, finished = 0;
        while (killed < TestLevel.Of(usual, ci, @long) || finished == 0)
        {
            // The last attempt has all the time that it needs.
            bool mayKill = killed < TestLevel.Of(usual, ci, @long);
            if (KillAtRandom(Command($"-o {output} {options} --resume --checkpoint-seconds 0"), mayKill))
            {
                killed++;
                if (File.Exists(folder.Path(final)))
                    File.ReadAllBytes(folder.Path(final)).Should().Equal(whole);
                continue;
            }
            File.ReadAllBytes(folder.Path(final)).Should().Equal(whole);
            File.ReadAllBytes(folder.Path(rejects)).Should().Equal(wholeRejects);
            Directory.GetFiles(Path.GetDirectoryName(folder.Path(final))!, "*.partial*").Should().BeEmpty();
            Directory.GetFiles(Path.GetDirectoryName(folder.Path(final))!, "*.journal*").Should().BeEmpty();
            finished++;
            File.Delete(folder.Path(final));
            File.Delete(folder.Path(final) + ".done");
            File.Delete(folder.Path(rejects));
        }
    }

    private string Command(string options) =>
        $"cd '{folder.Root}'; exec {ChildProcess.Command("gau")} score in.jsonl {options}";

    /// <summary>Whether the process was killed; otherwise it came to its end.</summary>
    private bool KillAtRandom(string script, bool mayKill)
    {
        using Process process = ChildProcess.Start(script);
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(mayKill ? TimeSpan.FromMilliseconds(random.Next(100, 3000)) : ChildProcess.Patience))
        {
            process.Kill();
            process.WaitForExit();
            return true;
        }
        process.ExitCode.Should().Be(0, error.Result);
        return false;
    }
}
