using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public CommandTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.jsonl", "{\"id\":\"x\",\"text\":\"今天\",\"gold\":1}\n{\"text\":5}\n");
        folder.Write("in.csv", "id,text\n1,今天\n");
        folder.Write("open.csv", "id,text\n1,\"今天\n");
        folder.Write("in.txt", "今天\n");
        folder.Write("done.jsonl", "");
        folder.Write("bad.safetensors", "not a model");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_JsonLines_PrintsARowForEveryRecord()
    {
        GauRun run = Run("score", "{in.jsonl}");
        run.Code.Should().Be(0);
        run.Lines.Should().HaveCount(2);
        using JsonDocument row = JsonDocument.Parse(run.Lines[0]);
        row.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal(
            "id", "label", "score", "probabilities", "tokens", "truncated");
        run.Lines[1].Should().Be("{\"id\":null,\"record\":1,\"error\":\"field 'text': expected a string, found a number\"}");
        run.Error.Should().StartWith("gau: 2 records (1 rejected, 0 truncated), 4 tokens in ");
    }

    [Fact]
    public void Score_ToFiles_WritesResultsAndRejects()
    {
        GauRun run = Run(
            "score", "{in.jsonl}", "-o", "{out.csv}", "--rejects", "{bad.jsonl}", "--keep-fields", "--json");
        run.Code.Should().Be(0);
        run.Output.Should().BeEmpty();
        string[] rows = File.ReadAllLines(folder.Path("out.csv"));
        rows[0].Should().Be("id,label,score,p_a,p_b,p_c,tokens,truncated,empty,gold,fields,error");
        rows[1].Should().StartWith("x,").And.EndWith(",4,false,false,1,,");
        rows[2].Should().Be(",,,,,,,,,,,\"field 'text': expected a string, found a number\"");
        File.ReadAllText(folder.Path("bad.jsonl")).Should().Contain("\"line\":2,\"offset\":").And.Contain(
            "\"text\":\"{\\\"text\\\":5}\"");
        using JsonDocument summary = JsonDocument.Parse(run.Error);
        summary.RootElement.GetProperty("summary").GetProperty("rejected").GetInt32().Should().Be(1);
    }

    [Theory]
    [InlineData(HeadKind.SequenceClassification, "--pair text", "--pair: 'text' is the field of the first text")]
    [InlineData(
        HeadKind.SequenceClassification, "--text id --pair id", "--pair: 'id' is the field of the first text")]
    [InlineData(HeadKind.QuestionAnswering, "--text context", "--text: 'context' is the field of the second text")]
    public void Score_OneFieldForBothTexts_IsRefused(HeadKind kind, string options, string error)
    {
        string[] labels = kind == HeadKind.QuestionAnswering ? [] : ["a", "b"];
        TinyModel.Write(
            folder.Path("pairs.safetensors"), TinyModel.NoHead with { Kind = kind, Labels = labels });
        foreach (string input in (string[])["{in.csv}", "{in.jsonl}"])
        {
            GauRun run = Run(["score", input, "--model", "{pairs.safetensors}", .. options.Split(' ')]);
            (run.Code, run.Error).Should().Be((2, $"error: {error}\n"));
        }
    }

    [Fact]
    public void Score_SeveralInputsAndStandardInput_AreNumberedThrough()
    {
        GauRun run = GauRun.Of(["score", folder.Path("in.txt"), "-", "--format", "txt"], "天\n气", environment);
        run.Lines.Select(l => l[..7]).Should().Equal("{\"id\":0", "{\"id\":1", "{\"id\":2");
    }

    [Theory]
    [InlineData(0, "score {in.csv} --threads 1 --batch-tokens 1 --max-length 8 --text text --id id --no-progress")]
    [InlineData(0, "score {in.csv} --output-format tsv")]
    [InlineData(0, "embed {in.csv} --pooling cls --normalize --dimensions 3")]
    [InlineData(0, "score {in.jsonl} --max-rejects 1")]
    [InlineData(0, "inspect")]
    [InlineData(0, "bench --lengths 1 --threads 1 --type f32")]
    [InlineData(0, "--version")]
    [InlineData(0, "score --help")]
    [InlineData(0, "")]
    [InlineData(0, "help")]
    [InlineData(0, "help score")]
    [InlineData(2, "help nonsense")]
    [InlineData(2, "nonsense")]
    [InlineData(2, "score")]
    [InlineData(2, "score {in.csv} --resume")]
    [InlineData(0, "score {in.csv} --shard 0/1")]
    [InlineData(2, "score {in.csv} --shard 2/2")]
    [InlineData(2, "score {in.csv} --shard 1")]
    [InlineData(2, "score {in.csv} --shard auto")]
    [InlineData(2, "score {in.csv} -o {done.jsonl} --shard 0/2")]
    [InlineData(2, "score {in.csv} -o {new.xlsx}")]
    [InlineData(2, "score {in.csv} -o {new.jsonl.bz2}")]
    [InlineData(2, "score {in.csv} -o {new.txt.gz}")]
    [InlineData(2, "embed {in.csv} -o {new.v2}")]
    [InlineData(2, "score {in.csv} -o {new} --resume --force")]
    [InlineData(2, "score {in.csv} --output-compression gzip")]
    [InlineData(2, "embed {in.csv} -o /dev/null --output-compression zstd")]
    [InlineData(2, "score {in.csv} --choices options")]
    [InlineData(2, "eval {in.csv} --labels label --choices options")]
    [InlineData(2, "eval {in.jsonl} --clue-task tnews --pair b")]
    [InlineData(2, "eval {in.jsonl} --clue-task tnews --format csv")]
    [InlineData(0, "score --literal %PDF-1.7")]
    [InlineData(0, "score --literal {\\rtf1")]
    [InlineData(2, "score {in.csv} --threads none")]
    [InlineData(2, "score {in.csv} --threads 0")]
    [InlineData(2, "score {in.csv} --max-length 65537")]
    [InlineData(2, "score {in.csv} -o {new} --rejects {new}")]
    [InlineData(2, "score {in.csv} -o {new} --rejects {./new} --force")]
    [InlineData(0, "score {in.csv} -o /dev/null --rejects /dev/null")]
    [InlineData(0, "score {in.csv} --rejects /dev/null")]
    [InlineData(2, "score {in.csv} -o {new} --rejects /dev/null")]
    [InlineData(2, "score {in.csv} -o {new} --rejects /dev/null --force")]
    [InlineData(2, "score {in.csv} -o {new} --rejects /dev/null --shard 0/2")]
    [InlineData(2, "forward --input {in.jsonl} -o /dev/stdout")]
    [InlineData(2, "score - --format parquet")]
    [InlineData(2, "score {in.csv} --output-format parquet")]
    [InlineData(2, "score {in.csv} -o {new.parquet} --output-compression gzip")]
    [InlineData(2, "embed {in.csv} --dimensions 17")]
    [InlineData(2, "embed {in.csv} --pooling last")]
    [InlineData(2, "score {in.txt} --pair b")]
    [InlineData(2, "tokenize")]
    [InlineData(2, "tokenize a --input {in.txt}")]
    [InlineData(2, "forward --input {in.jsonl}")]
    [InlineData(2, "forward --input {in.jsonl} -o -")]
    [InlineData(2, "bench --lengths 0")]
    [InlineData(2, "bench --lengths 8,")]
    [InlineData(2, "bench --lengths 65537")]
    [InlineData(2, "bench --batch 0")]
    [InlineData(2, "bench --type int8")]
    [InlineData(2, "bench --type f16")]
    [InlineData(2, "bench --random huge")]
    [InlineData(2, "bench --random base --model {bad.safetensors}")]
    [InlineData(3, "score {in.jsonl} --max-rejects 0")]
    [InlineData(2, "score {in.jsonl} -o /dev/null --resume")]
    [InlineData(2, "score {in.jsonl} --checkpoint-seconds 1")]
    [InlineData(2, "verify {model.safetensors} --model {in.csv}")]
    [InlineData(65, "score {open.csv}")]
    [InlineData(65, "score {in.csv} --format parquet")]
    [InlineData(65, "score {in.csv} --text body")]
    [InlineData(65, "score {in.csv} --id key")]
    [InlineData(65, "score {in.csv} --model {bad.safetensors}")]
    [InlineData(65, "inspect {bad.safetensors}")]
    [InlineData(65, "verify")]
    [InlineData(66, "inspect {.}")]
    [InlineData(66, "score {in.csv} --model {.}")]
    [InlineData(66, "score {missing.jsonl}")]
    [InlineData(66, "score {*.none}")]
    [InlineData(66, "score {in.csv} --model {missing}")]
    [InlineData(66, "fill {missing.txt}")]
    [InlineData(66, "bench --model {missing}")]
    [InlineData(66, "forward --input {missing} -o {out}")]
    [InlineData(73, "score {in.csv} -o {done.jsonl}")]
    [InlineData(73, "score {in.csv} -o {no/such/out}")]
    [InlineData(73, "score {in.csv} --rejects {done.jsonl}")]
    public void Run_AnyCommandLine_GivesItsExitCodeAndOneLine(int code, string line)
    {
        string[] before = folder.Files;
        GauRun run = Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Code.Should().Be(code, run.Error);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(text => !text.StartsWith("note: ", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(1);
        run.Error.Should().NotContain("   at ");
        if (code != 0)
            run.Error.Split('\n')[^2].Should().StartWith("error: ");
        folder.Files.Should().Equal(before);
    }

    [Fact]
    public void Run_JsonErrors_AreJson()
    {
        GauRun run = Run("score", "{open.csv}", "--json");
        using JsonDocument error = JsonDocument.Parse(run.Error);
        error.RootElement.GetProperty("file").GetString().Should().Be(folder.Path("open.csv"));
        error.RootElement.GetProperty("place").GetString().Should().Be("line 2");
        error.RootElement.GetProperty("code").GetInt32().Should().Be(65);
    }

    [Theory]
    [InlineData("GAU_OUTPUT_FORMAT", "csv", 0, "id,label,score")]
    [InlineData("GAU_MAX_REJECTS", "0", 3, "{\"id\":\"x\"")]
    [InlineData("GAU_KEEP_FIELDS", "1", 0, "\"fields\":{\"gold\":1}")]
    [InlineData("GAU_KEEP_FIELDS", "0", 0, "\"truncated\":false}")]
    [InlineData("GAU_TEXT", "gold", 3, "found a number")]
    public void Run_EnvironmentVariable_StandsForItsOption(string variable, string value, int code, string expected)
    {
        environment[variable] = value;
        GauRun run = Run("score", "{in.jsonl}");
        run.Code.Should().Be(code);
        run.Output.Should().Contain(expected);
    }

    [Theory]
    [InlineData("GAU_THREADS", "many")]
    [InlineData("GAU_KEEP_FIELDS", "maybe")]
    public void Run_BadEnvironmentVariable_IsNamed(string variable, string value)
    {
        environment[variable] = value;
        GauRun run = Run("score", "{in.jsonl}");
        run.Code.Should().Be(2);
        run.Error.Should().StartWith($"error: {variable}: ");
        Run("score", "{in.jsonl}", "--json").Error.Should().StartWith($"{{\"error\":\"{variable}: ");
        Run("score", "{in.jsonl}", "--threads", "1", "--keep-fields").Code.Should().Be(0, "the command line wins");
    }

    [Theory]
    [InlineData("3", "note: --threads 3 is more than this process may use: 1\n")]
    [InlineData("3", "{\"note\":\"--threads 3 is more than this process may use: 1\"}\n", "--json")]
    [InlineData("1", "gau: 1 records")]
    public void Score_MoreThreadsThanTheLimit_TakesTheLimitAndSaysSo(string threads, string error, params string[] more)
    {
        environment["SLURM_CPUS_PER_TASK"] = "1";
        GauRun run = Run(["score", "{in.csv}", "--threads", threads, .. more]);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().StartWith(error);
    }

    [Theory]
    [InlineData("out.parquet")]
    [InlineData("out.jsonl.gz")]
    [InlineData("out.csv.zst")]
    public void Score_OtherFormatsAndCompressions_HoldTheSameResults(string name)
    {
        Run("score", "{in.jsonl}", "-o", "{plain.jsonl}", "--keep-fields").Code.Should().Be(0);
        Run("score", "{in.jsonl}", "-o", $"{{{name}}}", "--keep-fields").Code.Should().Be(0);
        GauRun comparison = Run("compare", "{plain.jsonl}", $"{{{name}}}", "--tolerance", "0");
        comparison.Code.Should().Be(0, comparison.Error + comparison.Output);
        byte[] content = File.ReadAllBytes(folder.Path(name));
        content.Should().NotEqual(File.ReadAllBytes(folder.Path("plain.jsonl")));
        Run("score", "{in.jsonl}", "-o", $"{{{name}}}", "--keep-fields", "--force").Code.Should().Be(0);
        File.ReadAllBytes(folder.Path(name)).Should().Equal(content);
    }

    [Theory]
    [InlineData("new.xlsx --output-format csv", "new.xlsx")]
    [InlineData("new", "new")]
    [InlineData("parts.v2 --shard 0/1", "parts.v2/part-00000-of-00001.jsonl")]
    public void Score_NameWithoutAFormat_IsTakenWhereNothingIsPromised(string output, string file)
    {
        Run([.. $"score {{in.csv}} -o {folder.Path(output)}".Split(' ')]).Code.Should().Be(0);
        File.Exists(folder.Path(file)).Should().BeTrue();
    }

    [Fact]
    public void Score_UnknownExtension_ListsThoseThereAre()
    {
        Run("score", "{in.csv}", "-o", "{new.xlsx}").Error.Should().Be(
            $"error: {folder.Path("new.xlsx")}: results are not written as .xlsx, but as .jsonl (also .json, .ndjson), "
            + ".csv, .tsv (.tab), .parquet and .arrow (.feather, .arrows), all but the last two also with .gz or .zst; "
            + "--output-format takes any name\n");
    }

    [Fact]
    public void Run_FolderInPlaceOfAModel_SaysWhatMakesAModelOfIt()
    {
        foreach (string line in (string[])["inspect {.}", "verify {.}", "score {in.csv} --model {.}"])
            Run(line.Split(' ')).Error.Should().Contain("a folder is no model file; 'gau-convert ");
    }

    [Fact]
    public void Score_ExistingOutput_IsReplacedOnlyByForce()
    {
        Run("score", "{in.csv}", "-o", "{done.jsonl}", "--force").Code.Should().Be(0);
        File.ReadAllText(folder.Path("done.jsonl")).Should().StartWith("{\"id\":\"1\"");
    }

    [Theory]
    [InlineData("in.jsonl", "score {in.jsonl} -o {in.jsonl} --force")]
    [InlineData("in.jsonl", "embed {in.csv} {./in.jsonl} -o {out} --rejects {in.jsonl} --force")]
    [InlineData("in.csv", "score {in.csv} -o {out} --status-file {in.csv}")]
    [InlineData("model.safetensors", "score {in.csv} -o {model.safetensors} --force --model {model.safetensors}")]
    [InlineData("model.safetensors", "explain 今天 -o {model.safetensors} --force --model {model.safetensors}")]
    [InlineData("in.jsonl", "forward --input {in.jsonl} -o {in.jsonl} --force")]
    public void Run_OutputInPlaceOfWhatIsRead_IsRefusedDespiteForce(string name, string line)
    {
        byte[] before = File.ReadAllBytes(folder.Path(name));
        GauRun run = Run(line.Split(' '));
        run.Code.Should().Be(73);
        run.Error.Should().EndWith($"{name}: this is an input\n");
        File.ReadAllBytes(folder.Path(name)).Should().Equal(before);
    }

    [Fact]
    public void Fill_TextsAndFiles_GiveARowEach()
    {
        folder.Write("masks.txt", "今[MASK]\n[MASK]\n");
        GauRun run = Run("fill", "今天[MASK]@file", "{masks.txt}", "--top", "2");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(3);
        using JsonDocument row = JsonDocument.Parse(run.Lines[0]);
        row.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal("id", "masks", "tokens", "truncated");
        row.RootElement.GetProperty("masks")[0].GetProperty("tokens").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public void Embed_Record_HasTheShapeOfTheContract()
    {
        using JsonDocument row = JsonDocument.Parse(Run("embed", "{in.csv}").Lines[0]);
        row.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal("id", "embedding", "tokens", "truncated");
        row.RootElement.GetProperty("embedding").GetArrayLength().Should().Be(16);
    }

    [Fact]
    public void Inspect_Json_NamesTierAndTensors()
    {
        using JsonDocument report = JsonDocument.Parse(Run("inspect", "--json").Output);
        JsonElement root = report.RootElement;
        root.GetProperty("tiers").EnumerateArray().Select(t => t.GetString()).Should().Contain(
            root.GetProperty("tier").GetString());
        root.GetProperty("head").GetProperty("labels").GetArrayLength().Should().Be(3);
        root.GetProperty("config").GetProperty("hidden_size").GetInt32().Should().Be(16);
        root.GetProperty("format").GetString().Should().Be("2");
        root.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("name").GetString()).Should().Contain(
            "layers.1.gau.o_dense");
    }

    [Fact]
    public void Inspect_Words_NamesAreThoseOfTheModelFile()
    {
        GauRun run = Run("inspect");
        run.Code.Should().Be(0, run.Error);
        foreach (string name in (string[])["gau_alpha", "softmax_plus, swish", "bias false", "sequence_classification, single_label"])
            run.Output.Should().Contain(name);
    }

    [Theory]
    [InlineData(AttentionType.F32, "f32")]
    [InlineData(AttentionType.Int8, "int8")]
    public void Inspect_Attention_IsInWordsAndJson(AttentionType attention, string name)
    {
        TinyModel.Write(folder.Path("attention.safetensors"), TinyModel.Sequence, attention: attention);
        Run("inspect", "{attention.safetensors}").Lines.Should().Contain($"attention   {name} products");
        using JsonDocument report = JsonDocument.Parse(Run("inspect", "{attention.safetensors}", "--json").Output);
        report.RootElement.GetProperty("attention").GetString().Should().Be(name);
        report.RootElement.GetProperty("config").GetProperty("attention").GetString().Should().Be(name);
    }

    [Fact]
    public void Verify_GoldenVectors_HaveTheSameBits()
    {
        string path = folder.Path("golden.safetensors");
        using (GauModel model = GauModel.Load(folder.Path("model.safetensors")))
            ModelFileWriter.AddGolden(model.File, path, GoldenVectors.Compute(model, model));
        GauRun run = Run("verify", "{golden.safetensors}", "--json");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().NotBeEmpty().And.OnlyContain(l => l.Contains("\"same_bits\":true"));
        Run("verify", "{golden.safetensors}").Lines[^1].Should().MatchRegex(
            @"^OK: all \d+ golden vectors have the same bits, tier ");
    }

    [Fact]
    public void Verify_OtherBits_Fails()
    {
        string path = folder.Path("golden.safetensors");
        using (GauModel model = GauModel.Load(folder.Path("model.safetensors")))
            ModelFileWriter.AddGolden(
                model.File, path,
                [.. GoldenVectors.Compute(model, model).Select(g => g with { Bits = new string('0', 32) })]);
        GauRun run = Run("verify", "{golden.safetensors}");
        run.Code.Should().Be(70);
        run.Output.Should().Contain("OTHER BITS").And.MatchRegex(@"\nFAILED: \d+ of \d+ golden vectors have other bits, tier .*\n$");
    }

    private GauRun Run(params string[] args) => GauRun.Of(folder.Named(args), "", environment);
}
