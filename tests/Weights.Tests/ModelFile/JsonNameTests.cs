using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class JsonNameTests
{
    [Fact]
    public void JsonName_EnumsOfTheModelFile_AreSnakeCase()
    {
        JsonName.Of(Architecture.RoFormerV2).Should().Be("roformer_v2");
        JsonName.Of(Normalization.SoftmaxPlus).Should().Be("softmax_plus");
        JsonName.Of(HeadKind.MaskedLm).Should().Be("masked_lm");
        JsonName.Of(WeightType.F32).Should().Be("f32");
        JsonName.Of(WeightType.Int8).Should().Be("int8");
        JsonName.Of(AttentionType.F32).Should().Be("f32");
        JsonName.Of(AttentionType.Int8).Should().Be("int8");
    }

    [Fact]
    public void JsonName_OtherEnum_IsRefused() =>
        FluentActions.Invoking(() => JsonName.Of(DayOfWeek.Monday)).Should().Throw<NotSupportedException>();
}
