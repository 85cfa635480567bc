using GauRuntime.Convert.Conversion;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Tests;

/// <summary>What a conversion reads is neither replaced, whatever it is called, nor may it change meanwhile.</summary>
public sealed class TouchedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = Safetensors.Gau().Folder();
    private readonly TemporaryFolder other = new();

    public TouchedFileTests()
    {
        Directory.CreateSymbolicLink(other.Path("link"), folder.Root);
        File.CreateSymbolicLink(other.Path("model.safetensors"), folder.Path("model.safetensors"));
        File.CreateSymbolicLink(other.Path("vocab"), folder.Path("vocab.txt"));
        File.CreateSymbolicLink(other.Path("out.json"), other.Path("out"));
        folder.Copy(Fixtures.Gau("pytorch_model.bin"));
    }

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Theory]
    [InlineData("{link} -o <model.safetensors>", "this is the checkpoint itself")]
    [InlineData("<> -o {model.safetensors}", "this is the checkpoint itself")]
    [InlineData("<> -o {link/model.safetensors}", "this is the checkpoint itself")]
    [InlineData("<> -o <pytorch_model.bin>", "this is the checkpoint itself")]
    [InlineData("<> -o {link/vocab.txt}", "this is an input")]
    [InlineData("<> -o {vocab}", "this is an input")]
    [InlineData("{link} -o <tokenizer_config.json>", "this is an input")]
    [InlineData("<> -o {new} --labels {link/labels.json} --report {link/labels.json}", "this is an input")]
    [InlineData("<> -o {out} --report {out.json}", "the model goes there")]
    public void Convert_OutputInPlaceOfWhatIsRead_IsRefusedDespiteForce(string line, string reason)
    {
        Dictionary<string, byte[]> before = Contents();
        ToolResult result = Tool.Run(
            [.. line.Split(' ').Select(arg => arg[0] switch
            {
                '<' => folder.Path(arg.Trim('<', '>')),
                '{' => other.Path(arg.Trim('{', '}')),
                _ => arg,
            }), "--force"]);
        result.Error.Should().EndWith($": {reason}\n");
        result.Code.Should().Be(73);
        Contents().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void During_FileChanges_EndsWithThatWhateverTheWorkSays()
    {
        string path = folder.Path("model.safetensors");
        InputWatch watch = new([path, folder.Path("missing")]);
        watch.During(() => 5).Should().Be(5);
        GauFormatException fault = new(path, "offset 0", "damaged");
        FluentActions.Invoking(() => watch.During<int>(() => throw fault)).Should().Throw<GauFormatException>();
        File.AppendAllText(path, "x");
        FluentActions.Invoking(() => watch.During(() => 5)).Should().Throw<IOException>()
            .WithMessage($"{path}: was changed while it was read (it had *");
        FluentActions.Invoking(() => watch.During<int>(() => throw fault)).Should().Throw<IOException>();
    }

    private Dictionary<string, byte[]> Contents() =>
        Directory.GetFiles(folder.Root).ToDictionary(path => path, File.ReadAllBytes);
}
