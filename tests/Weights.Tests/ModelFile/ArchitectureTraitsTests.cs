using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class ArchitectureTraitsTests
{
    [Fact]
    public void Of_EveryArchitecture_IsItsEntryWithNamesOfItsOwn()
    {
        Architecture[] known = Enum.GetValues<Architecture>();
        known.Select(architecture => ArchitectureTraits.Of(architecture).Architecture).Should().Equal(known);
        ArchitectureTraits.All.Select(entry => entry.Architecture).Should().Equal(known);
        foreach (Func<ArchitectureTraits, string> name in (Func<ArchitectureTraits, string>[])
            [e => e.Title, e => e.ModelType, e => e.ClassPrefix, e => e.FirstProduct, e => e.KerasLayer])
            ArchitectureTraits.All.Select(name).Should().NotContain("");
        ArchitectureTraits.All.Select(entry => entry.Title).Should().OnlyHaveUniqueItems();
        // What a checkpoint shows tells them apart.
        ArchitectureTraits.All.Select(entry => (entry.FirstProduct, entry.HasLayerNorm, entry.LearnsPositions))
            .Should().OnlyHaveUniqueItems();
        ArchitectureTraits.Titles("nor").Should().Be("GAU-α, RoFormerV2, BERT nor RoFormer");
    }

    [Fact]
    public void LayerTensors_EveryArchitecture_HaveTheWeightsAndPartsThatTheEntryNames()
    {
        foreach (ArchitectureTraits entry in ArchitectureTraits.All)
        {
            ModelConfig config = TinyModel.GauConfig(v: 11, h: 24, e: 36, s: 6, layers: 2) with
            {
                Architecture = entry.Architecture, HeadCount = entry.OneHead ? 1 : 3,
            };
            TensorSpec[] tensors = [.. entry.LayerTensors(config, 1)];
            tensors.Where(spec => spec.Role == TensorRole.Matrix).Sum(spec => (long)spec.Rows * spec.Columns)
                .Should().Be(config.LayerWeights);
            foreach (string part in entry.StoredAlike.Append(entry.FirstProduct))
                tensors.Should().ContainSingle(spec => spec.Name == "layers.1." + part).Which.Columns.Should().Be(24);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fault_PositionsOfAnotherKind_AreRefused(Architecture architecture)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, v: 11);
        config.Fault().Should().BeNull();
        bool learned = config.Traits.LearnsPositions;
        (config with { PositionCount = learned ? 0 : 512 }).Fault().Should().StartWith(
            learned ? "position_count 0 is outside of " : "position_count 512 is outside of 0, and ");
    }
}
