using System.Text.Json;
using GauRuntime.Train.Data;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class WholeWordMaskingTests
{
    private static readonly JsonElement Golden = TrainingFixture.Read("masking.json");
    private static readonly JsonElement[] All = [.. Golden.GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Cases { get; } = new(All.Select(each => each.GetProperty("name").GetString()!));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_UniformNumbers_GivesTheReferencesSample(string name)
    {
        JsonElement each = Case(name);
        Queue<double> uniforms = new(each.GetProperty("uniforms").Numbers());
        MaskedSample sample = Masking(each.GetProperty("maxlen").GetInt32()).Apply(Words(each), uniforms.Dequeue);
        sample.Source.Should().Equal(each.GetProperty("source").Integers());
        sample.Target.Should().Equal(each.GetProperty("target").Integers());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ActionOf_FirstNumbers_AreTheReferencesActions(string name)
    {
        JsonElement each = Case(name);
        string[] actions = each.GetProperty("actions").Strings();
        each.GetProperty("uniforms").Numbers().Take(actions.Length)
            .Select(r => WholeWordMasking.ActionOf(r).ToString().ToLowerInvariant()).Should().Equal(actions);
    }

    [Theory]
    [InlineData("splitmix_seed_42")]
    [InlineData("splitmix_sample_seed")]
    public void Apply_StreamOfASeed_GivesTheReferencesSample(string name)
    {
        JsonElement each = Case(name);
        SplitMix64 stream = new(each.GetProperty("seed").GetUInt64());
        MaskedSample sample = Masking(each.GetProperty("maxlen").GetInt32()).Apply(Words(each), stream.Uniform);
        sample.Source.Should().Equal(each.GetProperty("source").Integers());
        sample.Target.Should().Equal(each.GetProperty("target").Integers());
    }

    /// <summary>Forty times the words of the first case, with the seeds of 100 samples, as the reference did.</summary>
    [Fact]
    public void ActionOf_32000Words_CountsAsTheReference()
    {
        int[] counts = new int[4];
        for (int index = 0; index < 100; index++)
        {
            SplitMix64 stream = new(Seeds.Sample(1, 0, index));
            for (int word = 0; word < 320; word++)
                counts[(int)WholeWordMasking.ActionOf(stream.Uniform())]++;
        }
        JsonElement expected = Golden.GetProperty("counts_of_32000_words");
        counts.Should().Equal(
            ((string[])["mask", "keep", "random", "none"]).Select(action => expected.GetProperty(action).GetInt32()));
    }

    [Fact]
    public void Apply_RandomTokens_AreFromTheWholeVocabularyButPad()
    {
        int[] Replaced(double rho)
        {
            Queue<double> uniforms = new([0.14, rho]);
            return new WholeWordMasking(50, 2, 3, 4, 16).Apply([[7]], uniforms.Dequeue).Source;
        }
        Replaced(0).Should().Equal(2, 1, 3);
        Replaced(1 - 1e-16).Should().Equal(2, 49, 3);
    }

    [Fact]
    public void Apply_NoWords_IsBeginningAndEnd()
    {
        MaskedSample sample = Masking(512).Apply([], () => 0);
        sample.Source.Should().Equal(101, 102);
        sample.Target.Should().Equal(0, 0);
    }

    private static WholeWordMasking Masking(int maxLength) => new(
        Golden.GetProperty("vocab_size").GetInt32(), Golden.GetProperty("cls").GetInt32(),
        Golden.GetProperty("sep").GetInt32(), Golden.GetProperty("mask").GetInt32(), maxLength);

    private static JsonElement Case(string name) => All.Single(each => each.GetProperty("name").GetString() == name);

    private static int[][] Words(JsonElement each) =>
        [.. each.GetProperty("words").EnumerateArray().Select(word => word.Integers())];
}
