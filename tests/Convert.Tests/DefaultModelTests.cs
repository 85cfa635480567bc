using GauRuntime.Benchmarks.Agreement;
using GauRuntime.TestSupport;

namespace GauRuntime.Convert.Tests;

/// <summary>The model inside <c>gau</c>, and what its 8 bits cost.</summary>
public sealed class DefaultModelTests
{
    [Fact]
    public void Convert_ModelsLegal_GivesTheWeightsThatAreShipped()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("legal.safetensors");
        CommandLine.Run(
            [Path.Combine(TestSupport.Fixtures.Root, "models", "legal"), "-o", path], TextWriter.Null,
            TextWriter.Null).Should().Be(0);
        using var fresh = Weights.ModelFile.ModelFileReader.Open(path);
        using var shipped = Weights.ModelFile.ModelFileReader.Open(
            Path.Combine(TestSupport.Fixtures.Root, "models", "legal.int8.safetensors"));
        shipped.Hash.Should().Be(fresh.Hash);
        shipped.Description.Should().BeEquivalentTo(
            fresh.Description, options => options.Excluding(model => model.Provenance.Date));
        shipped.Golden.Should().BeEquivalentTo(fresh.Golden);
    }

    [Fact]
    public void Int8_AgainstF32OnHeldOutTexts_WithinTheBounds()
    {
        AgreementResult result = AgreementMeasurement.Run(TestSupport.Fixtures.Root);
        result.Texts.Should().BeGreaterThanOrEqualTo(200);
        result.SameLabel.Should().BeGreaterThanOrEqualTo(0.995);
        result.ProbabilityDifference.Should().BeLessThan(0.005);
        result.Masks.Should().BeGreaterThanOrEqualTo(200);
        result.SameTop1.Should().BeGreaterThanOrEqualTo(0.98);
    }
}
