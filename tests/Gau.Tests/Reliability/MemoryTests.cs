using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>Runs alone: other tests would slow what is measured here.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryCollection;

/// <summary>F9: the memory a run needs is told before it starts, refused where it is not there, and kept.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(TinyGau gau) : IClassFixture<TinyGau>
{
    private const int LongestLine = 4 << 20;   // the usual one

    [Theory]
    [InlineData("score", "jsonl", "")]
    [InlineData("score", "csv", "")]
    [InlineData("score", "txt", "")]
    [InlineData("score", "jsonl", "--keep-fields --rejects {rejects}")]
    [InlineData("score", "jsonl", "--output-format parquet --keep-fields")]
    [InlineData("embed", "jsonl", "--output-compression gzip")]
    public void F9_RecordsAsLongAsAllowed_StayWithinWhatIsTold(string command, string format, string options)
    {
        string input = WriteLongRecords(format);
        string output = gau.Path($"{Guid.NewGuid():N}");
        MeasuredRun run = MeasuredRun.Of(
            $"export GAU_MODEL='{gau.Model}'; exec {ChildProcess.Command("gau")} {command} '{input}' -o '{output}' "
            + options.Replace("{rejects}", output + ".rejects", StringComparison.Ordinal));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("0 rejected");
        run.PeakMiB.Should().BeInRange(40, Told(run.Memory));
    }

    [Fact]
    public void F9_DefaultModelAndManyShortTexts_StayWithinWhatIsTold()
    {
        string input = gau.Path("short.txt");
        File.WriteAllText(
            input, string.Concat(Enumerable.Range(0, TestLevel.Of(5_000, 5_000, 30_000)).Select(i => $"离婚{i}\n")));
        MeasuredRun run = MeasuredRun.Of($"exec {ChildProcess.Command("gau")} score '{input}' > /dev/null");
        run.Code.Should().Be(0, run.Error);
        run.PeakMiB.Should().BeInRange(40, Told(run.Memory));
    }

    [Fact]
    public void F9_CandidatesThatAreHeld_StayWithinWhatIsTold()
    {
        const int Count = 6_000;
        string model = gau.Path("cross.safetensors"), candidates = gau.Path("candidates.jsonl");
        TinyModel.Write(model, TinyModel.CrossEncoder);
        string text = new('好', 490);
        // Held, but for a query that is not there, so that nothing has to be computed.
        File.WriteAllLines(
            candidates, Enumerable.Range(0, Count).Select(i => $"{{\"id\":{i},\"query\":\"none\",\"text\":\"{text}\"}}"));
        File.WriteAllText(gau.Path("query.jsonl"), "{\"id\":\"q\",\"text\":\"今天\"}\n");
        string[] command =
        [
            "rerank", gau.Path("query.jsonl"), candidates, "--model", model, "--max-length", "512", "--threads", "1",
        ];
        MeasuredRun run = MeasuredRun.Of($"exec {ChildProcess.Command("gau")} '{string.Join("' '", command)}'");
        run.Code.Should().Be(0, run.Error);
        double told = Told(run.Memory), held = Count * (490 * 4 + 256) / 1048576.0;
        run.PeakMiB.Should().BeInRange(40 + held, told);
        GauRun less = GauRun.Of([.. command, "--memory", $"{told - held:0}M"]);
        less.Code.Should().Be(69, less.Error);
        less.Error.Should().Contain($"error: this run needs {told} MiB of memory; --memory allows {told - held:0} MiB");
    }

    [Fact]
    public void F9_TooLittleMemory_IsRefusedAtTheStartWithWhatIsNeeded()
    {
        string output = gau.Path("refused.jsonl");
        GauRun run = gau.Run($"score - --memory 60M -o {output}", "{\"text\":\"今天\"}\n");
        run.Code.Should().Be(69);
        run.Error.Should().MatchRegex(
            "^error: this run needs [0-9]+ MiB of memory; --memory allows 60 MiB\\. Less is needed with a lower "
            + "--max-length, --batch-tokens or --max-line\r?\n$");
        run.Memory.Should().BeEmpty();
        File.Exists(output).Should().BeFalse();
        gau.Run("score - --memory 60M --json", "").Error.Should().Contain("\"code\":69}");
    }

    [Fact]
    public void F9_MemoryForFewerThreads_TakesFewerAndSaysSo()
    {
        GauRun two = gau.Run("score - --threads 2 --json", "{\"text\":\"今天\"}\n");
        Assert.SkipWhen(Threads(two) < 2, "this machine has one processor");
        GauRun one = gau.Run("score - --threads 1 --json", "{\"text\":\"今天\"}\n");
        long less = (Bytes(one) >> 20) + 1;
        GauRun run = gau.Run($"score - --threads 2 --json --memory {less}M", "{\"text\":\"今天\"}\n");
        run.Output.Should().Be(two.Output);
        Threads(run).Should().Be(1);
        run.Error.Should().Contain($"{{\"note\":\"2 threads would need more than {less} MiB\"}}");
    }

    [Fact]
    public void F9_RowsBeyondTheMemory_EndIn69AndTheRunIsResumedWithMore()
    {
        // Every row holds the words of 1000 masks, a thousand for each.
        string text = string.Concat(Enumerable.Repeat("[MASK]", 1000));
        File.WriteAllText(gau.Path("masks.txt"), $"今[MASK]\n{text}\n");
        string command = $"{ChildProcess.Command("gau")} fill '{gau.Path("masks.txt")}' --top 3000 "
            + $"--threads 1 --batch-tokens 16 --checkpoint-seconds 0 -o '{gau.Path("masks.jsonl")}'";
        MeasuredRun little = MeasuredRun.Of($"exec {command}");
        little.Code.Should().Be(69, little.Error);
        little.Error.Should().MatchRegex(
            "^error: the records need more than the [0-9]+ MiB of memory that this run was given: raise --memory\n$");
        little.PeakMiB.Should().BeLessThan(Told(little.Memory));
        MeasuredRun more = MeasuredRun.Of($"exec {command} --resume --memory 4G");
        more.Code.Should().Be(0, more.Error);
        File.ReadLines(gau.Path("masks.jsonl")).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("60MB")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("99999999999G")]
    public void Memory_NoSize_IsAUsageError(string size)
    {
        GauRun run = gau.Run($"score - --memory={size}", "");
        run.Code.Should().Be(2);
        run.Error.Should().Be($"error: --memory: '{size}' is not a size such as 800M or 2G; 'gau score --help' lists what there is\n");
    }

    private static double Told(string memory)
    {
        memory.Should().StartWith("memory: at most ");
        return double.Parse(memory.Split(' ')[3], CultureInfo.InvariantCulture);
    }

    private static int Threads(GauRun run) => Number(run, "threads", value => value.GetInt32());

    private static long Bytes(GauRun run) => Number(run, "bytes", value => value.GetInt64());

    private static T Number<T>(GauRun run, string name, Func<JsonElement, T> read)
    {
        using JsonDocument document = JsonDocument.Parse(run.Memory);
        return read(document.RootElement.GetProperty("memory").GetProperty(name));
    }

    // Twelve records of almost the longest line: of one word, of many, of another field, and of very many fields.
    private string WriteLongRecords(string format)
    {
        string path = gau.Path($"{Guid.NewGuid():N}.{format}");
        string word = new('a', LongestLine - 100), words = new('天', LongestLine / 3 - 100);
        string fields = string.Join(',', Enumerable.Range(0, 9_990).Select(n => $"\"{n}\":\"{word[..400]}\""));
        using StreamWriter writer = new(path);
        if (format == "csv")
            writer.Write("id,text\n");
        for (int i = 0; i < 12; i++)
        {
            string text = i % 2 == 0 ? word : words;
            writer.Write(format switch
            {
                "jsonl" when i % 6 == 5 => $"{{\"id\":{i},\"text\":\"今天\",{fields}}}\n",
                "jsonl" when i % 3 == 2 => $"{{\"id\":{i},\"text\":\"今天\",\"note\":\"{text}\"}}\n",
                "jsonl" => $"{{\"id\":{i},\"text\":\"{text}\"}}\n",
                "csv" => $"{i},{text}\n",
                _ => $"{text}\n",
            });
        }
        return path;
    }
}
