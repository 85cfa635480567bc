using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(WeightType.F32, 64)]
    [InlineData(WeightType.Int8, 32)]
    [InlineData(WeightType.Int8, 64)]
    [InlineData(WeightType.Int8, 128)]
    [InlineData(WeightType.Int8, 256)]
    public unsafe void Write_ThenOpen_EveryWeightIsWhereItsAxesSay(WeightType type, int block)
    {
        using ModelFileReader file = ModelFileReader.Open(OddModel.Write(folder, type, block));
        file.Description.Should().BeEquivalentTo(OddModel.Description);
        foreach (TensorSpec spec in ModelTensors.For(file.Description.Config, file.Description.Head).Where(s => s.Role != TensorRole.Rows))
        {
            PackedMatrix matrix = file.Matrix(spec.Name);
            float[] w = OddModel.Weights(spec);
            for (int column = 0; column < matrix.Columns; column++)
                for (int k = 0; k < matrix.Depth; k++)
                {
                    int output = spec.Outputs.Sources[column],
                        input = k < spec.Inputs.StoredSize ? spec.Inputs.Sources[k] : -1;
                    float expected = output >= 0 && input >= 0 ? w[output * spec.Columns + input] : 0;
                    if (matrix.Type == WeightType.F32)
                    {
                        matrix.Floats(column)[k * 16].Should().Be(
                            expected, "{0} column {1} input {2}", spec.Name, column, k);
                        continue;
                    }
                    float scale = matrix.Scales(column)[k / block * 16];
                    float found = matrix.Int8(column)[k / 4 * 64 + k % 4] * scale;
                    found.Should().BeApproximately(
                        expected, scale * 8, "{0} column {1} input {2}", spec.Name, column, k);
                }
        }
    }

    [Fact]
    public unsafe void Write_Int8_ColumnSumsAreThoseOfTheBytes()
    {
        using ModelFileReader file = ModelFileReader.Open(OddModel.Write(folder));
        PackedMatrix matrix = file.Matrix("layers.1.gau.i_dense");
        for (int column = 0; column < matrix.Columns; column++)
        {
            int sum = 0;
            for (int k = 0; k < matrix.Block; k++)
                sum += matrix.Int8(column)[k / 4 * 64 + k % 4];
            matrix.Sums(column)[0].Should().Be((short)sum);
        }
    }

    [Fact]
    public void Write_SameWeightsOtherProvenance_SameHashAndAlignedTensors()
    {
        using ModelFileReader one = ModelFileReader.Open(OddModel.Write(folder));
        using TemporaryFolder other = new();
        ModelDescription description =
            OddModel.Description with { Provenance = OddModel.Description.Provenance with { Date = "1999-12-31" } };
        using ModelFileReader two = ModelFileReader.Open(OddModel.Write(other, description: description));
        two.Hash.Should().Be(one.Hash);
        using SafetensorsFile container = SafetensorsFile.Open(one.Path);
        container.Tensors.Should().OnlyContain(
            tensor => container.DataOffset(tensor) % 64 == 0 && tensor.ByteLength % 64 == 0);
    }

    [Theory]
    [InlineData(AttentionType.F32, WeightType.Int8, "f32")]
    [InlineData(AttentionType.Int8, WeightType.Int8, "int8")]
    [InlineData(AttentionType.Int8, WeightType.F32, "int8")]
    public void Write_Attention_IsInTheConfigurationWhateverTheWeights(
        AttentionType attention, WeightType type, string name)
    {
        using ModelFileReader file =
            ModelFileReader.Open(OddModel.Write(folder, type, description: WithAttention(attention)));
        file.Metadata["gau.config"].Should().Contain($"\"attention\":\"{name}\"");
        file.Description.Should().BeEquivalentTo(WithAttention(attention));
        file.Quantization.Type.Should().Be(type);
    }

    [Fact]
    public void AddGolden_OtherAttention_IsKept()
    {
        using ModelFileReader source =
            ModelFileReader.Open(OddModel.Write(folder, description: WithAttention(AttentionType.Int8)));
        string path = folder.Path("golden.safetensors");
        ModelFileWriter.AddGolden(source, path, []);
        using ModelFileReader copy = ModelFileReader.Open(path);
        copy.Description.Config.Attention.Should().Be(AttentionType.Int8);
    }

    [Fact]
    public void Write_ReadFails_LeavesNothing()
    {
        string path = folder.Path("broken.safetensors");
        FluentActions.Invoking(() => ModelFileWriter.Write(path, OddModel.Description, WeightType.F32, 0,
            (_, _) => throw new IOException("the disk is gone"))).Should().Throw<IOException>();
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!).Should().BeEmpty();
    }

    [Fact]
    public void AddGolden_Copy_KeepsWeightsAndHash()
    {
        using ModelFileReader source = ModelFileReader.Open(OddModel.Write(folder));
        GoldenVector vector =
            new() { Ids = [2, 5, 3], Segments = [0, 0, 0], Hidden = [0.1f, -0f, 3e-20f, 1, 2], Bits = "00" };
        string path = folder.Path("golden.safetensors");
        ModelFileWriter.AddGolden(source, path, [vector]);
        using ModelFileReader copy = ModelFileReader.Open(path);
        copy.Golden.Should().BeEquivalentTo([vector]);
        copy.Hash.Should().Be(source.Hash);
        copy.Quantization.Should().BeEquivalentTo(source.Quantization);
    }

    [Theory]
    [MemberData(nameof(Architectures.WithPositions), MemberType = typeof(Architectures))]
    public void Open_GoldenInputBeyondThePositions_IsRefused(Architecture architecture)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, OddModel.Description.Vocabulary.Count) with { PositionCount = 8 };
        ModelFileWriter.Write(
            folder.Path("m"), TinyModel.Describe(config, TinyModel.NoHead, OddModel.Description.Vocabulary), WeightType.F32, 0,
            (_, weights) => weights.Clear());
        using ModelFileReader source = ModelFileReader.Open(folder.Path("m"));
        void Open(int tokens)
        {
            GoldenVector vector = new()
            {
                Ids = new int[tokens], Segments = new int[tokens], Hidden = new float[source.Description.Config.HiddenSize],
                Bits = "00",
            };
            ModelFileWriter.AddGolden(source, folder.Path("golden"), [vector]);
            using ModelFileReader copy = ModelFileReader.Open(folder.Path("golden"));
        }
        Open(8);
        FluentActions.Invoking(() => Open(9)).Should().Throw<GauFormatException>()
            .WithMessage("*gau.golden: an input has no tokens or more than a text can have*");
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        byte[] file = File.ReadAllBytes(OddModel.Write(folder));
        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        IEnumerable<int> cuts = Enumerable.Range(0, header / 7).Select(i => 7 * i).Concat(
            Enumerable.Range(0, 200).Select(i => header + (file.Length - header) * i / 200));
        foreach (int length in cuts)
            Refused(file.AsSpan(0, length).ToArray());
    }

    [Fact]
    public void Open_OneBitFlippedAnywhere_IsRefused()
    {
        byte[] file = File.ReadAllBytes(OddModel.Write(folder));
        Random random = new(4);
        for (int i = 0; i < 4000; i++)
        {
            byte[] damaged = [.. file];
            int at = random.Next(file.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            Refused(damaged, $"bit flip at {at}");
        }
    }

    [Theory]
    [InlineData("gau.config", "\"layer_count\":2", "\"layer_count\":3", "tensor 'layers.2.gau.i_dense.q8'")]
    [InlineData("gau.config", "\"vocab_size\":7", "\"vocab_size\":10000000", "gau.vocab")]
    [InlineData("gau.config", "\"key_size\":4", "\"key_size\":5", "key size 5")]
    [InlineData("gau.config", "\"hidden_size\":5", "\"hidden_size\":-5", "hidden_size -5")]
    [InlineData("gau.config", "\"hidden_size\":5", "\"hidden_size\":50000", "do not fit")]
    [InlineData("gau.config", "\"architecture\":\"gau_alpha\"", "\"architecture\":\"bert\"", "gau.config")]
    [InlineData("gau.config", "\"architecture\":\"gau_alpha\"", "\"architecture\":0", "gau.config")]
    [InlineData("gau.config", "\"eps\":1E-12", "\"eps\":-1", "eps -1")]
    [InlineData("gau.config", "\"min_keys\":1,", "", "gau.config")]
    [InlineData("gau.head", "\"好\"", "null", "gau.head")]
    [InlineData("gau.head", "\"好\"", "\"坏\"", "the same name")]
    [InlineData("gau.head", "\"has_dense\":false", "\"has_dense\":false,\"dense_size\":4", "dense_size without a dense layer")]
    [InlineData("gau.head", "\"has_dense\":false", "\"has_dense\":true,\"dense_size\":0", "dense_size 0 is outside")]
    [InlineData("gau.head", "\"has_dense\":false", "\"has_dense\":true,\"dense_size\":65537", "dense_size 65537 is outside")]
    [InlineData("gau.config", "\"use_bias\":true", "\"use_bias\":true,\"untied_decoder\":true", "tensor 'mlm.decoder.q8'")]
    [InlineData("gau.golden", "[]", "[null]", "gau.golden")]
    [InlineData("gau.golden", "[]", "[{\"ids\":[7],\"segments\":[0],\"hidden\":[],\"bits\":\"\"}]", "gau.golden")]
    [InlineData("gau.golden", "[]", "[{\"ids\":[6],\"segments\":[0],\"hidden\":[1,2,3,4,1e39],\"bits\":\"\"}]", "hidden states")]
    [InlineData("gau.golden", "[]", "[{\"ids\":[6],\"segments\":[0],\"hidden\":[1,2,3,4],\"bits\":\"\"}]", "hidden states")]
    [InlineData("gau.quantization", "head.out", "embeddings.word", "a tensor is reported twice")]
    [InlineData("gau.quantization", "\"relative_error\":", "\"relative_error\":1e999,\"x\":", "an error is not finite")]
    [InlineData("gau.quantization", "\"block\":32", "\"block\":31", "block 31")]
    [InlineData("gau.quantization", "\"type\":\"int8\",\"block\":32", "\"type\":\"int8\",\"block\":64", "instead of")]
    [InlineData("gau.vocab", "今", "今\n天", "8 tokens for 7 embeddings")]
    [InlineData("gau.config", "\"gau_alpha\"", "\"GAU_alpha\"", "gau.config")]
    [InlineData("gau.config", "\"gau_alpha\"", "\" gau_alpha\"", "gau.config")]
    [InlineData("gau.config", "\"gau_alpha\"", "\"\\ud800\"", "gau.config")]
    [InlineData("gau.config", "\"softmax_plus\"", "\"softmax, squared_relu\"", "gau.config")]
    [InlineData("gau.head", "\"sequence_classification\"", "\"token_classification,question_answering\"", "gau.head")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":\"int4\"", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":\"f32, int8\"", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":\"1\"", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":\"\"", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":1", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":null", "gau.config")]
    [InlineData("gau.config", "\"attention\":\"f32\"", "\"attention\":\"f32\",\"attention\":\"int8\"", "gau.config")]
    [InlineData("gau.format", "2", "1", "version '1' is not 2 or 3, which this program reads; the file is older: convert")]
    [InlineData("gau.format", "2", "4", "version '4' is not 2 or 3, which this program reads")]
    [InlineData("gau.tokenizer", "\"lower_case\"", "\"strip_accents\":false,\"lower_case\"", "version 2, but with settings of version 3")]
    public void Open_MetadataThatContradicts_IsRefusedWithItsReason(string key, string from, string to, string reason)
    {
        string path = Rewrite(
            metadata => metadata[key] = metadata[key].Replace(from, to, StringComparison.Ordinal), _ => { });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage($"*{reason}*");
    }

    [Fact]
    public void Write_DecoderAndWidthOfTheDense_AreKeysAndTensorsOnlyWhereTheyDiffer()
    {
        using (ModelFileReader usual = ModelFileReader.Open(OddModel.Write(folder)))
        {
            usual.Metadata["gau.config"].Should().NotContain("untied_decoder");
            usual.Metadata["gau.head"].Should().NotContain("dense_size");
        }
        ModelDescription description = OddModel.Description with
        {
            Config = OddModel.Description.Config with { UntiedDecoder = true },
            Head = OddModel.Description.Head with { HasDense = true, DenseSize = 21 },
        };
        using ModelFileReader file =
            ModelFileReader.Open(OddModel.Write(folder, WeightType.F32, description: description));
        file.Description.Should().BeEquivalentTo(description);
        TensorSpec[] specs = [.. ModelTensors.For(description.Config, description.Head)
            .Where(spec => spec.Name is ModelTensors.Decoder or ModelTensors.HeadDense or ModelTensors.HeadOut)];
        specs.Select(spec => (spec.Rows, spec.Columns)).Should().Equal((7, 5), (21, 5), (2, 21));
        foreach (TensorSpec spec in specs)
        {
            float[] w = new float[spec.Rows * spec.Columns];
            LogicalWeights.Read(file, spec, w);
            w.Should().Equal(OddModel.Weights(spec));
        }
    }

    [Fact]
    public void Open_AttentionNotGiven_IsF32()
    {
        string path = Rewrite(
            metadata => metadata["gau.config"] =
                metadata["gau.config"].Replace("\"attention\":\"int8\",", "", StringComparison.Ordinal),
            _ => { }, WithAttention(AttentionType.Int8));
        using ModelFileReader file = ModelFileReader.Open(path);
        file.Metadata["gau.config"].Should().NotContain("\"attention\"").And.Contain("\"attention_scale\":true");
        file.Description.Should().BeEquivalentTo(OddModel.Description);
        file.Description.Config.Attention.Should().Be(AttentionType.F32);
    }

    [Fact]
    public void Open_Version3WithNothingNew_IsRead()
    {
        using ModelFileReader file = ModelFileReader.Open(Rewrite(metadata => metadata["gau.format"] = "3", _ => { }));
        file.Description.Should().BeEquivalentTo(OddModel.Description);
    }

    public static TheoryData<TokenizerConfig, string> TokenizerSettings => new()
    {
        { Plain with { StripAccents = false }, "\"strip_accents\":false" },
        { Plain with { JoinIdeographs = true }, "\"join_ideographs\":true" },
        {
            Plain with { SpecialTokens = SpecialTokenNames.Default with { Mask = "今" } },
            "\"special_tokens\":{\"pad\":\"[PAD]\",\"unknown\":\"[UNK]\",\"cls\":\"[CLS]\",\"sep\":\"[SEP]\",\"mask\":\"今\"}"
        },
        { Plain with { AddedTokens = ["今"] }, "\"added_tokens\":[\"今\"]" },
    };

    [Theory]
    [MemberData(nameof(TokenizerSettings))]
    public void Write_TokenizerSettings_AreKeptInVersion3(TokenizerConfig tokenizer, string json)
    {
        ModelDescription description = OddModel.Description with { Tokenizer = tokenizer };
        using ModelFileReader file = ModelFileReader.Open(OddModel.Write(folder, description: description));
        file.Metadata["gau.format"].Should().Be("3");
        file.Metadata["gau.tokenizer"].Should().Be($"{{\"lower_case\":true,\"rules\":\"port\",{json}}}");
        file.Description.Should().BeEquivalentTo(description);
    }

    [Theory]
    [InlineData("[\"明\"]", "the vocabulary has no '明'")]
    [InlineData("[\"今\",\"今\"]", "the token '今' is named twice")]
    [InlineData("[\"[MASK]\"]", "the token '[MASK]' is named twice")]
    [InlineData("[null]", "a token without a name")]
    [InlineData("[\"\"]", "a token without a name")]
    public void Open_AddedTokensThatTheVocabularyLacks_AreRefused(string tokens, string reason)
    {
        string path = Rewrite(metadata => metadata["gau.tokenizer"] = metadata["gau.tokenizer"]
            .Replace("[\"今\"]", tokens, StringComparison.Ordinal), _ => { },
            OddModel.Description with { Tokenizer = Plain with { AddedTokens = ["今"] } });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage($"*gau.tokenizer*{reason}*");
    }

    private static TokenizerConfig Plain => OddModel.Description.Tokenizer;

    [Fact]
    public void Open_AnUnknownVersion_IsNotCalledOld()
    {
        string path = Rewrite(metadata => metadata["gau.format"] = "4", _ => { });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .Which.Message.Should().NotContain("convert");
    }

    [Theory]
    [InlineData("layers.0.gau.i_dense.q8", 0, new byte[] { 0x80 }, "value -128 at index 0")]
    [InlineData("layers.0.gau.i_dense.scale", 4, new byte[] { 0, 0, 0, 0 }, "scale 0 at index 1")]
    [InlineData("layers.0.gau.i_dense.scale", 0, new byte[] { 0, 0, 0x80, 0xBF }, "scale -1 at index 0")]
    [InlineData("layers.0.gau.i_dense.scale", 0, new byte[] { 0, 0, 0x80, 0x7F }, "no finite number")]
    [InlineData("embeddings.segment", 8, new byte[] { 0, 0, 0xC0, 0x7F }, "NaN at index 2")]
    public void Open_ValuesThatNoKernelMayMeet_AreRefused(string tensor, int offset, byte[] value, string reason)
    {
        string path = Rewrite(_ => { }, data => value.CopyTo(data[tensor].AsSpan(offset)));
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage($"*{tensor}*{reason}*");
    }

    [Fact]
    public void Open_SumsOfOtherBytesBehindARightHash_AreRefused()
    {
        XxHash128 hash = new();
        string path = Rewrite(metadata => metadata["gau.hash"] = ModelMetadata.Hex(hash), data =>
        {
            data["layers.0.gau.i_dense.sum"][3] ^= 1;
            foreach (byte[] bytes in data.Values)
                hash.Append(bytes);
        });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage("*layers.0.gau.i_dense.sum*at index 1 is not that of the bytes*");
    }

    [Fact]
    public void Open_WeightsOtherThanTheirHash_IsRefused()
    {
        string path = Rewrite(_ => { }, data => data["embeddings.word.q8"][5] ^= 1);
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage("*gau.hash*damaged*");
    }

    [Fact]
    public void Open_ACheckpointThatIsNoModelFile_SaysSo()
    {
        FluentActions.Invoking(() => ModelFileReader.Open(Fixtures.Path("gau-tiny", "model.safetensors")).Dispose())
            .Should().Throw<GauFormatException>().WithMessage("*convert it with gau-convert*");
    }

    [Fact]
    public void Open_ZeroInTheMetadata_IsRefused()
    {
        // Both have the hash of the file with an entry gau.extra of "a" and one gau.more of "b".
        string path = Rewrite(metadata => metadata["gau.extra"] = "a\0gau.more\0b", _ => { });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage("*gau.extra: holds a zero character*");
        path = Rewrite(metadata => metadata["gau.extra\0a\0gau.more"] = "b", _ => { });
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>()
            .WithMessage("*holds a zero character*");
    }

    [Theory]
    [InlineData("x\ny")]
    [InlineData("x\0y")]
    public void Write_TokenThatCannotBeToldApart_IsRefused(string token)
    {
        ModelDescription description = OddModel.Description;
        description = description with { Vocabulary = [token, .. description.Vocabulary.Skip(1)] };
        FluentActions.Invoking(() => OddModel.Write(folder, description: description)).Should().Throw<ArgumentException>()
            .WithMessage("a line feed or zero in the token*");
    }

    [Fact]
    public void Open_HugeClaims_AllocatesLittle()
    {
        string path = Rewrite(metadata => metadata["gau.config"] = metadata["gau.config"]
            .Replace("\"vocab_size\":7", "\"vocab_size\":9999999", StringComparison.Ordinal).Replace("\"hidden_size\":5", "\"hidden_size\":65536", StringComparison.Ordinal), _ => { });
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(2 << 20);
    }

    private void Refused(byte[] content, string because = "")
    {
        string path = folder.Write("damaged.safetensors", content);
        FluentActions.Invoking(() => ModelFileReader.Open(path).Dispose()).Should().Throw<GauFormatException>(because);
    }

    private static ModelDescription WithAttention(AttentionType attention) =>
        OddModel.Description with { Config = OddModel.Description.Config with { Attention = attention } };

    /// <summary>A model file with changed metadata or data and a metadata hash that fits again.</summary>
    private string Rewrite(
        Action<Dictionary<string, string>> changeMetadata, Action<Dictionary<string, byte[]>> changeData,
        ModelDescription? description = null)
    {
        using SafetensorsFile source = SafetensorsFile.Open(OddModel.Write(folder, description: description));
        Dictionary<string, string> metadata = new(source.Metadata);
        Dictionary<string,
        byte[]> data = source.Tensors.ToDictionary(tensor => tensor.Name, tensor => source.Span(tensor).ToArray());
        changeData(data);
        changeMetadata(metadata);
        metadata["gau.metadata_hash"] = ModelMetadata.HashOf(metadata);
        string path = folder.Path("changed.safetensors");
        using FileStream stream = File.Create(path);
        SafetensorsWriter.Write(
            stream, [.. source.Tensors.Select(tensor => (tensor, (ReadOnlyMemory<byte>)data[tensor.Name]))], metadata);
        return path;
    }
}
