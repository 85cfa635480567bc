using FluentAssertions;
using GauRuntime.Benchmarks.Peers;
using GauRuntime.Benchmarks.Peers.Engines;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The options of benchmarks/Peers.</summary>
public sealed class PeerOptionsTests
{
    [Fact]
    public void Parse_Nothing_IsGauBesideItsPeersAndItsRelatives()
    {
        PeerOptions options = PeerOptions.Parse([]);
        options.Report.Name.Should().Be("peers");
        options.Engines[0].Id.Should().Be("gau:ours-int8");
        options.Engines.Should().OnlyHaveUniqueItems().And.NotContain(engine => engine.Name == "ort-int8-dynamic");
        options.Engines.Select(engine => engine.Model.Title).Distinct().Should().Equal("GAU-α", "RoFormerV2", "BERT");
        options.Parts.Should().Equal("grid", "job", "memory");
    }

    [Fact]
    public void Parse_ReportOfTheAuthors_IsTheirFourEncodersInBothNumberTypes()
    {
        PeerOptions options = PeerOptions.Parse(["--report", "authors"]);
        options.Engines.Select(engine => engine.FullTitle).Should().Equal(
            "BERT ours, int8", "BERT ours, F32", "RoFormer ours, int8", "RoFormer ours, F32", "RoFormerV2 ours, int8",
            "RoFormerV2 ours, F32", "GAU-α ours, int8", "GAU-α ours, F32");
        options.Lengths.Should().Equal(128, 256, 512, 1024, 1536, 2048);
        options.Batches.Should().Equal(1);
        options.Parts.Should().Equal("grid", "memory");
        options.Command.Should().Be("benchmarks/Peers/run --report authors");
    }

    [Fact]
    public void Parse_OptionBesideAReport_Wins()
    {
        PeerOptions options = PeerOptions.Parse(
            ["--lengths", "32", "--report", "family", "--rounds", "1", "--seconds", "0.5"]);
        options.Lengths.Should().Equal(32);
        (options.Rounds, options.Seconds, options.Report.Name).Should().Be((1, 0.5, "family"));
        options.Engines.Select(engine => engine.Model.Id).Distinct().Should().Equal("bert", "roformer-v1");
    }

    [Fact]
    public void Parse_IdOfAnEngine_IsThatOneAloneAndAPartIsAllThatContainIt()
    {
        Engines("gau:ours-int8,gau:ort-int8-dynamic").Should().Equal("gau:ours-int8", "gau:ort-int8-dynamic");
        Engines("roformer:").Should().OnlyContain(id => id.StartsWith("roformer:", StringComparison.Ordinal));
        Engines("torch-bf16").Should().Equal("gau:torch-bf16", "roformer-v1:torch-bf16", "bert:torch-bf16");

        static IEnumerable<string> Engines(string value) =>
            PeerOptions.Parse(["--engines", value]).Engines.Select(engine => engine.Id);
    }

    [Theory]
    [InlineData("--lengths", "0")]
    [InlineData("--lengths", "12,x")]
    [InlineData("--lengths", "-5")]
    [InlineData("--lengths", "99999999999")]
    [InlineData("--rounds", "1,2")]
    [InlineData("--seconds", "soon")]
    [InlineData("--seconds", "-1")]
    [InlineData("--parts", "grid,speed")]
    [InlineData("--engines", "gau:,nothing")]
    [InlineData("--engines", "gau:,")]
    [InlineData("--report", "autors")]
    [InlineData("--table", "authors")]
    public void Parse_ValueThatMeansNothing_IsRefusedWithItsOption(string name, string value) =>
        FluentActions.Invoking(() => PeerOptions.Parse([name, value])).Should().Throw<ArgumentException>()
            .WithMessage($"*{name}*");

    [Fact]
    public void Parse_LengthThatNoEngineTakes_IsRefused()
    {
        FluentActions.Invoking(() => PeerOptions.Parse(["--report", "family", "--engines", "bert:", "--lengths", "128,513"]))
            .Should().Throw<ArgumentException>().WithMessage("--lengths 513*");
        FluentActions.Invoking(() => PeerOptions.Parse(["--engines", "gau:ort", "--lengths", "2049"]))
            .Should().Throw<ArgumentException>();
        PeerOptions.Parse(["--report", "embedding"]).Engines.Should().OnlyContain(engine => engine.MaxLength == 512);
    }

    [Fact]
    public void Help_NamesEveryReportAndEngine() =>
        PeerReport.All.Select(report => report.Name).Concat(EngineSpec.All.Select(engine => engine.Id))
            .Should().OnlyContain(name => PeerOptions.Help.Contains(name, StringComparison.Ordinal));
}
