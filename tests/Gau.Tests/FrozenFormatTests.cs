using System.Text;
using FluentAssertions;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>
/// Model files of every format that there has been, as the first version that was released made them: they are read and give
/// their makers' bits, or it is said how to get one that is. <c>docs/model-file.md</c> promises it.
/// </summary>
public sealed class FrozenFormatTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "format-2", "2" },
        { "format-2-bert", "2" },
        { "format-2-bert-qa", "2" },
        { "format-2-roformer", "2" },
        { "format-2-roformer-v2", "2" },
        { "format-2-untied", "2" },
        { "format-3", "3" },
        { "format-3-calibrated", "3" },
    };

    // The formats are frozen: a new one gets a file here, and those that are here stay as they are.
    [Fact]
    public void Formats_ThatThereHaveBeen_AreAllHere()
    {
        string[] files = [.. Directory.GetFiles(Folder()).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];
        files.Should().Equal(Files.Select(file => file.Data.Item1));
        ModelMetadata.FormerVersions.Should().Equal("1");
        (ModelMetadata.Version2, ModelMetadata.Version3).Should().Be(("2", "3"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Verify_FileOfTheFirstRelease_GivesTheBitsOfItsMaker(string name, string version)
    {
        string path = Folder($"{name}.safetensors");
        using (ModelFileReader file = ModelFileReader.Open(path))
        {
            file.Metadata["gau.format"].Should().Be(version);
            file.Description.Provenance.Converter.Should().Be("gau-convert 1.0.0");
        }
        GauRun run = GauRun.Of("verify", path);
        run.Code.Should().Be(0, run.Error);
        run.Lines[^1].Should().StartWith("OK");
    }

    [Fact]
    public void Open_FileOfFormat1_SaysToConvertAgain()
    {
        using TemporaryFolder folder = new();
        // Latin-1 keeps every byte; the version is looked at before anything else.
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(Folder("format-2.safetensors")));
        text.Should().Contain("\"gau.format\":\"2\"");
        string path = folder.Write(
            "old.safetensors", Encoding.Latin1.GetBytes(text.Replace("\"gau.format\":\"2\"", "\"gau.format\":\"1\"", StringComparison.Ordinal)));
        FluentActions.Invoking(() => ModelFileReader.Open(path)).Should().Throw<GauFormatException>()
            .WithMessage("*version '1' is not 2 or 3, which this program reads; the file is older: convert its checkpoint again with gau-convert*");
    }

    private static string Folder(string name = "") => Fixtures.Path("model-files", name);
}
