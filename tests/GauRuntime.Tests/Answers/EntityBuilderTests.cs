using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Text;
using Xunit;

namespace GauRuntime.Tests.Answers;

public sealed class EntityBuilderTests
{
    [Theory]
    [InlineData("O B-x I-x O", "x 1-3")]
    [InlineData("B-x B-x I-x", "x 0-1, x 1-3")]
    [InlineData("I-x I-y", "x 0-1, y 1-2")]
    [InlineData("B-x I-y", "x 0-1, y 1-2")]
    [InlineData("B-x M-x E-x I-x", "x 0-3, x 3-4")]
    [InlineData("S-x S-x O E-y", "x 0-1, x 1-2, y 3-4")]
    [InlineData("p p q", "p 0-2, q 2-3")]
    [InlineData("O o O", "")]
    public void Add_LabelsOfAllSchemes_JoinTokens(string labels, string expected)
    {
        string[] names = [.. labels.Split(' ').Distinct()];
        List<TextEntity> entities = [];
        EntityBuilder builder = new(new EntityScheme(names), entities);
        foreach ((string label, int i) in labels.Split(' ').Select((label, i) => (label, i)))
            builder.Add(new TokenSpan(0, i, i + 1), Array.IndexOf(names, label), 1);
        builder.Close();
        string.Join(", ", entities.Select(e => $"{e.Label} {e.Start}-{e.End}")).Should().Be(expected);
    }

    [Fact]
    public void Add_SameLabelInBothTexts_StaysApartAndAveragesScores()
    {
        List<TextEntity> entities = [];
        EntityBuilder builder = new(new EntityScheme(["p"]), entities);
        builder.Add(new TokenSpan(0, 0, 1), 0, 0.5f);
        builder.Add(new TokenSpan(0, 1, 2), 0, 1f);
        builder.Add(new TokenSpan(1, 0, 1), 0, 1f);
        builder.Close();
        entities.Should().Equal(new TextEntity("p", 0.75f, false, 0, 2), new TextEntity("p", 1, true, 0, 1));
    }
}
