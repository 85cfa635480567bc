using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>Matrices of one file that are stored in different ways.</summary>
public sealed class StorageSchemeTests : IDisposable
{
    private const string Wide = "layers.0.gau.i_dense", Exact = "layers.1.gau.o_dense";

    private static readonly StorageScheme Mixed = new(
        WeightType.Int8, 64, [new(Wide, WeightType.Int8, 128), new(Exact, WeightType.F32, 0)]);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_Exceptions_EveryMatrixIsStoredAsItsOwnSays()
    {
        using ModelFileReader file = ModelFileReader.Open(Write(Mixed));
        file.Metadata["gau.format"].Should().Be("2");
        file.Quantization.Block.Should().Be(64);
        file.Quantization.StoredOtherwise.Should().Equal(
            new StoredMatrix(Wide, WeightType.Int8, 128), new StoredMatrix(Exact, WeightType.F32, 0));
        file.Matrix(Wide).Block.Should().Be(128);
        file.Matrix(Wide).Depth.Should().Be(128);
        file.Matrix(Exact).Type.Should().Be(WeightType.F32);
        file.Matrix("layers.0.gau.o_dense").Block.Should().Be(64);
        file.Quantization.Tensors.Single(report => report.Name == Exact).Type.Should().Be(WeightType.F32);
    }

    [Fact]
    public void Write_Exceptions_WeightsAreThoseOfFilesStoredOneWay()
    {
        using ModelFileReader mixed = ModelFileReader.Open(Write(Mixed));
        foreach ((string name, WeightType type, int block) in ((string, WeightType, int)[])[
            (Wide, WeightType.Int8, 128), (Exact, WeightType.F32, 0), ("layers.1.gau.i_dense", WeightType.Int8, 64)])
        {
            using ModelFileReader pure = ModelFileReader.Open(Write(new StorageScheme(type, block)));
            Logical(mixed, name).Should().Equal(Logical(pure, name));
        }
        Logical(mixed, Exact).Should().Equal(OddModel.Weights(Spec(mixed, Exact)));
    }

    [Fact]
    public void Write_NoExceptions_TheKeyIsAbsent()
    {
        using ModelFileReader file = ModelFileReader.Open(Write(new StorageScheme(WeightType.Int8, 64)));
        file.Metadata["gau.quantization"].Should().NotContain("exceptions");
        file.Quantization.StoredOtherwise.Should().BeNull();
    }

    // Of 312 and 1200 inputs, as of a small BERT, blocks of 64 make 320 and 1216.
    [Theory]
    [InlineData(48, 64)]
    [InlineData(128, 128)]
    [InlineData(312, 64)]
    [InlineData(384, 128)]
    [InlineData(768, 256)]
    [InlineData(896, 128)]
    [InlineData(1200, 256)]
    [InlineData(1536, 256)]
    public void UsualBlock_OfInputs_AddsFewZeros(int inputs, int block)
    {
        TensorSpec spec = new("m", TensorRole.Matrix, AxisLayout.Plain(16), AxisLayout.Plain(inputs));
        StorageScheme.UsualBlock(spec).Should().Be(block);
    }

    [Theory]
    [InlineData("base", 256, "")]
    [InlineData("bert-base", 256, "")]
    [InlineData("roformer-v2-small", 128, "ffn.output 256")]
    public void Usual_OfAPublishedSize_HasARuleAndWhatDiffers(string size, int block, string otherwise)
    {
        IReadOnlyList<TensorSpec> specs = ModelTensors.For(RandomModel.Describe(size));
        StorageScheme scheme = StorageScheme.Usual(specs);
        (scheme.Type, scheme.Block).Should().Be((WeightType.Int8, block));
        string.Join(' ', (scheme.OtherwiseOf(specs) ?? []).Select(matrix => $"{matrix.Name[(matrix.Name.IndexOf('.', 7) + 1)..]} {matrix.Block}").Distinct())
            .Should().Be(otherwise);
        StorageScheme.OfType(WeightType.Int8, null, specs).Block.Should().Be(block);
        StorageScheme.OfType(WeightType.Int8, 32, specs).OtherwiseOf(specs).Should().BeNull();
        StorageScheme.OfType(WeightType.F32, null, specs).OtherwiseOf(specs).Should().BeNull();
    }

    [Fact]
    public void ReadSteps_OfInt8_AreTheScalesAndBoundTheError()
    {
        using ModelFileReader file = ModelFileReader.Open(Write(Mixed));
        TensorSpec spec = Spec(file, Wide);
        float[] exact = OddModel.Weights(spec), stored = Logical(file, Wide), steps = new float[exact.Length];
        LogicalWeights.ReadSteps(file, spec, steps);
        steps.Should().OnlyContain(step => step > 0);
        for (int i = 0; i < exact.Length; i++)
            Math.Abs(exact[i] - stored[i]).Should().BeLessThanOrEqualTo(12 * steps[i]);
        LogicalWeights.ReadSteps(file, Spec(file, Exact), steps.AsSpan(0, 30));
        steps.Take(30).Should().OnlyContain(step => step == 0);
    }

    [Theory]
    [InlineData("\"block\":128", "\"block\":127", "block 127 is not 32, 64, 128 or 256")]
    [InlineData("\"block\":128", "\"block\":-64", "block -64 is not 32, 64, 128 or 256")]
    [InlineData("\"block\":128", "\"block\":32", "instead of")]
    [InlineData("\"block\":128", "\"block\":64", "a tensor in 'exceptions' is stored as the others are")]
    [InlineData("\"block\":128", "\"block\":1e9", "gau.quantization")]
    [InlineData("\"type\":\"f32\",\"block\":0", "\"type\":\"f32\",\"block\":64", "a float tensor has a block")]
    [InlineData("\"type\":\"f32\",\"block\":0", "\"type\":\"int4\",\"block\":0", "gau.quantization")]
    [InlineData("\"name\":\"" + Wide + "\",\"type\":\"int8\",\"block\"", "\"name\":\"head.out\",\"type\":\"int8\",\"block\"", "'head.out' is stored another way")]
    [InlineData("\"name\":\"" + Wide + "\",\"type\":\"int8\",\"block\"", "\"name\":\"none\",\"type\":\"int8\",\"block\"", "'none' is stored another way")]
    [InlineData("\"name\":\"" + Wide + "\",\"type\":\"int8\",\"block\"", "\"name\":null,\"type\":\"int8\",\"block\"", "gau.quantization")]
    [InlineData("\"name\":\"" + Wide + "\",\"type\":\"int8\",\"block\"", "\"name\":\"" + Exact + "\",\"type\":\"int8\",\"block\"", "in 'exceptions' twice")]
    [InlineData("\"exceptions\":[", "\"exceptions\":[null,", "an entry of 'exceptions' is null")]
    [InlineData("\"exceptions\":", "\"exceptions\":[],\"exceptions\":", "gau.quantization")]
    [InlineData("\"exceptions\":", "\"other\":", "instead of")]
    public void Open_HostileExceptions_AreRefusedWithTheirReason(string from, string to, string reason)
    {
        using SafetensorsFile source = SafetensorsFile.Open(Write(Mixed));
        Dictionary<string, string> metadata = new(source.Metadata);
        metadata["gau.quantization"].Should().Contain(from);
        int at = metadata["gau.quantization"].IndexOf(from, StringComparison.Ordinal);
        metadata["gau.quantization"] = metadata["gau.quantization"].Remove(at, from.Length).Insert(at, to);
        metadata["gau.metadata_hash"] = ModelMetadata.HashOf(metadata);
        string path = folder.Path("changed.safetensors");
        using (FileStream stream = File.Create(path))
            SafetensorsWriter.Write(
                stream,
                [.. source.Tensors.Select(tensor => (tensor, (ReadOnlyMemory<byte>)source.Span(tensor).ToArray()))],
                metadata);
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage($"*{reason}*");
    }

    [Fact]
    public void Write_QueryKeyAndValueNotAlike_IsRefused()
    {
        ModelDescription roformer = RandomModel.Describe("roformer-v2-small");
        StorageScheme scheme = new(WeightType.Int8, 64, [new("layers.0.attention.key", WeightType.Int8, 32)]);
        FluentActions.Invoking(() => ModelFileWriter.Write(folder.Path("r"), roformer, scheme, (_, _) => { }))
            .Should().Throw<ArgumentException>().WithMessage("*query, key and value of layer 0*");
    }

    private string Write(StorageScheme scheme)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        ModelFileWriter.Write(path, OddModel.Description, scheme, (spec, w) => OddModel.Weights(spec).CopyTo(w));
        return path;
    }

    private static TensorSpec Spec(ModelFileReader file, string name) =>
        ModelTensors.For(file.Description.Config, file.Description.Head).Single(spec => spec.Name == name);

    private static float[] Logical(ModelFileReader file, string name)
    {
        TensorSpec spec = Spec(file, name);
        float[] w = new float[spec.Rows * spec.Columns];
        LogicalWeights.Read(file, spec, w);
        return w;
    }
}
