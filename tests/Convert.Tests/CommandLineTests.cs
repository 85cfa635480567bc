using System.Diagnostics;
using GauRuntime.Convert.Conversion;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("-o y", "CHECKPOINT is missing")]
    [InlineData("x -o y --type int7", "--type: 'int7' is none of int8, f32; did you mean 'int8'? 'gau-convert --help'")]
    [InlineData("x --otput y", "unknown option '--otput'; did you mean '--output'? 'gau-convert --help'")]
    [InlineData("insepct x", "unknown command 'insepct'; did you mean 'inspect'? 'gau-convert --help'")]
    [InlineData("inspect x --stat", "unknown option '--stat'; did you mean '--stats'? 'gau-convert inspect --help'")]
    [InlineData("help inspct", "unknown command 'inspct'; did you mean 'inspect'?")]
    [InlineData("x", "'--output' is required")]
    [InlineData("x -o -", "standard output")]
    [InlineData("x -o y --type int4", "int4")]
    [InlineData("x -o y --block 48", "48")]
    [InlineData("x -o y --attention int4", "int4")]
    [InlineData("x -o y --attention", "--attention")]
    [InlineData("x -o y --dialect tf", "tf")]
    [InlineData("x -o y --segments ones", "ones")]
    [InlineData("REPOSITORY/models/legal -o y --report r.pdf", "ends neither in .html nor in .json")]
    [InlineData("x -o y --texts t", "--texts is what --report and --auto measure on")]
    [InlineData("x -o y --auto 0.1%", "give --texts")]
    [InlineData("x -o y --auto 0.1 --texts t", "'0.1' is no percentage")]
    [InlineData("x -o y --auto -1% --texts t", "-1%")]
    [InlineData("x -o y --auto 101% --texts t", "'101%' is no percentage")]
    [InlineData("x -o y --auto 1% --texts t --block 32", "leave --type, --block and --attention out")]
    [InlineData("x -o y --type f32 --report r.html", "nothing is quantized")]
    [InlineData("x -o y --type f32 --block 64", "--block is the size of int8 blocks")]
    [InlineData("x -o y --text body", "--text, --pair and --label name fields of the records of --texts")]
    [InlineData("x -o y --report r.html --encoding utf-8", "--encoding says how the records of --texts are read")]
    [InlineData("x -o y --report r.html --texts t.parquet --encoding auto", "--encoding is for files of JSON Lines, CSV, TSV and text lines")]
    [InlineData("x -o y --report r.html --pair b", "--text, --pair and --label name fields of the records of --texts")]
    [InlineData("x -o y --report r.html --label kind", "--text, --pair and --label name fields of the records of --texts")]
    [InlineData("x -o y --delimiter ;", "--delimiter says how the records of --texts are read")]
    [InlineData("x -o y --report r.html --no-header", "--no-header says how the records of --texts are read")]
    [InlineData("x -o y --report r.html --texts t.jsonl --quotes none", "--quotes is for CSV and TSV")]
    [InlineData("x -o y --report r.html --texts t.tsv --delimiter ;", "--delimiter is for CSV")]
    [InlineData("x -o y --report r.html --texts t.csv --delimiter ;;", "';;' is neither one character of ASCII")]
    [InlineData("x -o y --report r.html --texts t.jsonl --no-header", "--no-header is for CSV and TSV")]
    [InlineData("x --verify-against y --no-header", "compares and writes nothing: leave --no-header out")]
    [InlineData("x -o y --head-activation gelu", "gelu")]
    [InlineData("x --verify-against y --labels l", "compares weights alone: leave --labels out")]
    [InlineData("x --verify-against y --cased", "compares weights alone: leave --cased out")]
    [InlineData("x --verify-against y --dialect keras", "compares weights alone: leave --dialect out")]
    [InlineData("REPOSITORY/models/legal.int8.safetensors --verify-against REPOSITORY/models/legal.int8.safetensors --config c", "both are model files")]
    [InlineData("--type f32 inspect x", "--type belongs to a conversion")]
    [InlineData("--labels l man", "--labels belongs to a conversion")]
    [InlineData("x completion bash", "CHECKPOINT belongs to a conversion")]
    [InlineData("x y -o z", "y")]
    [InlineData("inspect", "inspect")]
    public void Usage_Wrong_ExitsWithTwoAndOneLine(string line, string reason)
    {
        ToolResult result = Tool.Run(
            line.Replace("REPOSITORY", Fixtures.Root, StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        result.Code.Should().Be(2);
        result.Error.Should().StartWith("error: ").And.Contain(reason);
        result.Error.TrimEnd().Should().NotContain("\n");
        result.Output.Should().BeEmpty();
    }

    [Fact]
    public void Help_AskedForInAnyWay_HasExamplesExitCodesAndValuesInOrder()
    {
        foreach (string[] line in (string[][])[[], ["help"], ["--help"]])
        {
            ToolResult result = Tool.Run(line);
            result.Code.Should().Be(0, result.Error);
            result.Output.Should().Contain("gau-convert my-model -o model.safetensors\n").And.Contain("Exit codes:")
                .And.Contain("<32|64|128|256>").And.Contain("<int8|f32>").And.Contain("<port|keras|google>");
        }
        Tool.Run("help", "inspect").Output.Should().Be(Tool.Run("inspect", "--help").Output)
            .And.Contain("gau-convert inspect model.h5 --stats");
    }

    [Fact]
    public void Usage_WrongWithJson_IsOneJsonLine()
    {
        ToolResult result = Tool.Run("x", "--json");
        result.ErrorJson.GetProperty("code").GetInt32().Should().Be(2);
        result.ErrorJson.EnumerateObject().Select(member => member.Name).Should().Equal(
            "error", "file", "place", "code");
    }

    [Fact]
    public void Error_WithJson_HasFilePlaceAndCode()
    {
        using TemporaryFolder folder =
            Safetensors.Gau().Folder(ConfigTests.With(Safetensors.Config(), "\"hidden_act\":\"gelu\""));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"), "--json");
        result.ErrorJson.GetProperty("file").GetString().Should().Be(folder.Path("config.json"));
        result.ErrorJson.GetProperty("place").GetString().Should().Be("hidden_act");
        result.ErrorJson.GetProperty("error").GetString().Should().StartWith("'gelu' is not supported");
        result.ErrorJson.GetProperty("code").GetInt32().Should().Be(65);
    }

    [Fact]
    public void Result_WithJson_ListsTensorsAndTotals()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"), "--json");
        result.Error.Should().BeEmpty();
        result.OutputJson.GetProperty("bytes").GetInt64().Should().Be(new FileInfo(folder.Path("out")).Length);
        result.OutputJson.GetProperty("tensors")[0].GetProperty("name").GetString().Should().Be("embeddings.word");
        result.OutputJson.GetProperty("architecture").GetString().Should().Be("gau_alpha");
        result.OutputJson.GetProperty("head").GetString().Should().Be("masked_lm");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("out"));
        result.OutputJson.GetProperty("hash").GetString().Should().Be(model.Hash);
    }

    // Its matrices have 16 to 48 inputs: in blocks of 256 they would be mostly zeros.
    [Fact]
    public void Block_NotGiven_IsAsLargeAsTheInputsAllow()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Quantization.Block.Should().Be(64);
        model.Quantization.StoredOtherwise.Should().BeNull();
        using ModelFileReader told = Tool.Convert(folder, folder.Root, "--block", "256", "--force");
        told.Quantization.Block.Should().Be(256);
        told.Quantization.StoredOtherwise.Should().BeNull();
    }

    [Theory]
    [InlineData("int8", "32")]
    [InlineData("int8", "128")]
    [InlineData("f32", null)]
    public void TypeAndBlock_Given_AreUsed(string type, string? block)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        string[] more = block is null ? [] : ["--block", block];
        using ModelFileReader model = Tool.Convert(folder, folder.Root, ["--type", type, .. more]);
        model.Quantization.Type.Should().Be(type == "f32" ? WeightType.F32 : WeightType.Int8);
        model.Quantization.Block.Should().Be(
            block is null ? 0 : int.Parse(block, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("", "int8", "int8")]
    [InlineData("--type int8", "int8", "int8")]
    [InlineData("--type f32", "f32", "f32")]
    [InlineData("--type f32 --attention int8", "f32", "int8")]
    [InlineData("--type int8 --attention f32", "int8", "f32")]
    public void Attention_GivenOrNot_IsInFileProvenanceAndReport(string options, string type, string attention)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        string[] line = [folder.Root, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--force", "-o"];
        string path = folder.Path("out");
        ToolResult words = Tool.Run([.. line, path]);
        words.Code.Should().Be(0, words.Error);
        words.Output.TrimEnd().Split('\n')[^1].Should().Contain($", attention {attention}, hash ");
        Tool.Run([.. line, path, "--json"]).OutputJson.GetProperty("attention").GetString().Should().Be(attention);
        using ModelFileReader model = ModelFileReader.Open(path);
        JsonName.Of(model.Description.Config.Attention).Should().Be(attention);
        JsonName.Of(model.Quantization.Type).Should().Be(type);
        model.Description.Provenance.Options.Should().Contain($"--attention {attention} ");
    }

    [Fact]
    public void Provenance_Always_NamesSourceOptionsAndConverter()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--dialect", "keras", "--cased");
        Provenance provenance = model.Description.Provenance;
        byte[] source = File.ReadAllBytes(folder.Path("model.safetensors"));
        provenance.SourceSha256.Should().Be(
            System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(source)));
        provenance.Options.Should().Be(
            "--type int8 --attention int8 --dialect keras --segments pairs --cased");
        provenance.Converter.Should().MatchRegex(@"^gau-convert \d+\.\d+\.\d+$");
        provenance.Date.Should().MatchRegex(@"^\d{4}-\d\d-\d\d$");
    }

    [Fact]
    public void Date_SourceDateEpoch_DecidesTheDay()
    {
        BuildDate.Of("86400").Should().Be("1970-01-02");
        BuildDate.Of(null).Should().Be(
            DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Action bad = () => BuildDate.Of("-1");
        bad.Should().Throw<ToolException>().Which.Code.Should().Be(2);
    }

    [Fact]
    public void Output_Exists_OnlyReplacedWithForce()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        string path = folder.Write("out", "mine");
        ToolResult refused = Tool.Run(folder.Root, "-o", path);
        refused.Code.Should().Be(73);
        refused.Error.Should().Contain("--force replaces it");
        File.ReadAllText(path).Should().Be("mine");
        Tool.Run(folder.Root, "-o", path, "--force").Code.Should().Be(0);
        ModelFileReader.Open(path).Dispose();
    }

    [Fact]
    public void Output_CannotBe_ExitsWith73()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        Tool.Run(folder.Root, "-o", folder.Path("no/such/out")).Code.Should().Be(73);
        Tool.Run(folder.Root, "-o", folder.Root).Code.Should().Be(73);
        ToolResult itself = Tool.Run(folder.Root, "-o", folder.Path("model.safetensors"), "--force");
        itself.Code.Should().Be(73);
        itself.Error.Should().Contain("this is the checkpoint itself");
    }

    [Theory]
    [InlineData("vocab.txt", "no vocab.txt beside the weights; --vocab names one")]
    [InlineData("config.json", "no config.json or bert_config.json beside the weights; --config names one")]
    [InlineData("model.safetensors", "no checkpoint of a known kind in this folder")]
    public void Input_Missing_ExitsWith66(string name, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Delete(folder.Path(name));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(66);
        result.Error.Should().Contain(reason);
    }

    [Fact]
    public void Input_MissingFile_ExitsWith66()
    {
        using TemporaryFolder folder = new();
        Tool.Run("inspect", folder.Path("nothing")).Code.Should().Be(66);
        Tool.Run("inspect", folder.Path("nothing/below")).Code.Should().Be(66);
    }

    [Theory]
    [InlineData("a\nb.safetensors")]
    [InlineData("$(touch canary)")]
    [InlineData("模型 一.safetensors")]
    public void Input_StrangeName_WorksAndIsShownOnOneLine(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(name, Safetensors.Gau().ToBytes());
        Tool.Run("inspect", path, "--json").Code.Should().Be(0);
        ToolResult cut = Tool.Run(
            "inspect", folder.Write("cut " + name, Safetensors.Gau().ToBytes().AsSpan(0, 100)));
        cut.Code.Should().Be(65);
        cut.Error.TrimEnd().Should().NotContain("\n");
        File.Exists("canary").Should().BeFalse();
    }

    [Theory]
    [InlineData("<html>", "HTML")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "Git LFS")]
    [InlineData("x", "a text file")]
    public void Input_NoCheckpoint_SaysWhatItLooksLike(string content, string looks)
    {
        using TemporaryFolder folder = new();
        ToolResult result = Tool.Run("inspect", folder.Write("model.safetensors", content));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(looks);
    }

    [Fact]
    public void Input_PipeDeviceOrLinkLoop_NeverHangs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no such files on Windows");
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        using (Process make = Process.Start("mkfifo", [folder.Path("pipe")]))
            make.WaitForExit();
        File.CreateSymbolicLink(folder.Path("loop"), folder.Path("loop2"));
        File.CreateSymbolicLink(folder.Path("loop2"), folder.Path("loop"));
        foreach (string path in (string[])[folder.Path("pipe"), "/dev/zero", folder.Path("loop")])
        {
            ToolResult result = Tool.Run("inspect", path);
            result.Code.Should().BeOneOf(65, 66, 74);
            result.Error.TrimEnd().Should().NotContain("\n");
            Tool.Run(folder.Root, "-o", folder.Path("out"), "--config", path).Code.Should().BeOneOf(65, 66, 74);
            Tool.Run(folder.Root, "-o", folder.Path("out"), "--vocab", path).Code.Should().BeOneOf(65, 66, 74);
        }
        // The folder still converts with them in it.
        Tool.Run(folder.Root, "-o", folder.Path("out")).Code.Should().Be(0);
    }
}
