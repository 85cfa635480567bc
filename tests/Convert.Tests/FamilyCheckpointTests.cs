using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>The same checkpoint under other names, with less in it, or beside another configuration.</summary>
public sealed class FamilyCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>What trainers and compilers put before all names; or an encoder saved alone, as sentence-transformers has it.</summary>
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Convert_NamesBehindAnyPrefix_SameHash(Architecture architecture)
    {
        string word = Read(architecture, "").Tensors.Single(
            tensor => tensor.Name.EndsWith("word_embeddings.weight", StringComparison.Ordinal)).Name;
        string scope = word[..word.IndexOf("embeddings.", StringComparison.Ordinal)];
        string hash = Hash(architecture, name => name);
        foreach (string prefix in (string[])["module.", "model.", "_orig_mod.module."])
            Hash(architecture, name => prefix + name).Should().Be(hash, prefix);
        bool Encoder(string name) => name.StartsWith(scope, StringComparison.Ordinal);
        string alone = Hash(architecture, name => name, Encoder);
        foreach (string prefix in (string[])["", "0.auto_model.", "auto_model.", "module.0.model."])
            Hash(architecture, name => prefix + name[scope.Length..], Encoder).Should().Be(alone, prefix);
    }

    [Theory]
    [InlineData("head-seq")]
    [InlineData("head-mc")]
    public void Convert_BertWithoutItsPooler_IsRefusedWhereTheHeadReadsIt(string head)
    {
        Read(Architecture.Bert, head).Only(name => !name.Contains("pooler", StringComparison.Ordinal))
            .Save(folder.Path("model.safetensors"));
        ToolResult result = Tool.Run([folder.Path("model.safetensors"), "-o", folder.Path("m"), .. Beside(Architecture.Bert, head)]);
        result.Code.Should().Be(65);
        result.Error.Should().Contain("bert.pooler.dense.weight: the tensor is missing; shape [32, 32] was expected");
    }

    [Theory]
    [InlineData(Architecture.RoFormer, "\"summary_type\":null", Pooling.Last)]
    [InlineData(Architecture.RoFormer, "\"summary_type\":\"mean\"", Pooling.Mean)]
    [InlineData(Architecture.Bert, "\"summary_type\":\"mean\"", Pooling.First)]
    public void Convert_MultipleChoice_ReadsWhatItsPortReads(Architecture architecture, string members, Pooling pooling)
    {
        string config = File.ReadAllText(Architectures.Fixture(architecture, "head-mc", "config.json"));
        using ModelFileReader model = Tool.Convert(
            folder, Architectures.Fixture(architecture, "head-mc", "model.safetensors"), "--vocab",
            Architectures.Fixture(architecture, "vocab.txt"), "--config", folder.Write("config.json", ConfigTests.With(config, members)));
        model.Description.Head.Pooling.Should().Be(pooling);
    }

    [Fact]
    public void Convert_SizesUnderKerasNames_SameModel()
    {
        string bert = Architectures.Fixture(Architecture.Bert, "bert_config.json");
        string keras = File.ReadAllText(bert)
            .Replace("\"max_position_embeddings\"", "\"max_position\"", StringComparison.Ordinal)
            .Replace("\"type_vocab_size\"", "\"segment_vocab_size\"", StringComparison.Ordinal);
        keras.Should().Contain("\"max_position\"").And.Contain("\"segment_vocab_size\"");
        string weights = Architectures.Fixture(Architecture.Bert, "mlm.weights.h5");
        using ModelFileReader expected = Tool.Convert(folder, weights, "--config", bert);
        using ModelFileReader found = Tool.Convert(folder, weights, "--config", folder.Write("c.json", keras));
        (found.Hash, found.Description.Config).Should().Be((expected.Hash, expected.Description.Config));
    }

    private static Safetensors Read(Architecture architecture, string head) =>
        Safetensors.Read(Architectures.Fixture(architecture, head, "model.safetensors"));

    private static string[] Beside(Architecture architecture, string head) =>
    [
        "--config", Architectures.Fixture(architecture, head, "config.json"), "--vocab",
        Architectures.Fixture(architecture, "vocab.txt"),
    ];

    /// <summary>The hash of the model whose tensors have other names; of some of them, that of the encoder alone.</summary>
    private string Hash(Architecture architecture, Func<string, string> name, Func<string, bool>? some = null)
    {
        Safetensors file = Read(architecture, "");
        (some is null ? file : file.Only(some)).Rename(name).Save(folder.Path("model.safetensors"));
        string config = File.ReadAllText(Architectures.Fixture(architecture, "config.json"));
        if (some is not null)
            config = ConfigTests.With(config, $"\"architectures\":[\"{ArchitectureTraits.Of(architecture).ClassPrefix}Model\"]");
        using ModelFileReader model = Tool.Convert(
            folder, folder.Path("model.safetensors"), "--config", folder.Write("config.json", config), "--vocab",
            Architectures.Fixture(architecture, "vocab.txt"));
        return model.Hash;
    }
}
