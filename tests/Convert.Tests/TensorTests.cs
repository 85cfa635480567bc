using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Tensors that are missing, superfluous, misshapen or not finite.</summary>
public sealed class TensorTests
{
    private const string Layer = "gau_alpha.encoder.layer.0.gau.";
    private const string Word = "gau_alpha.embeddings.word_embeddings.weight";

    [Fact]
    public void Tensor_Missing_IsNamed()
    {
        Refusal(Safetensors.Gau().Remove(Layer + "q_scaleoffset.weight"))
            .Should().Contain(Layer + "q_scaleoffset.weight: the tensor is missing; shape [4] was expected");
    }

    [Fact]
    public void Tensor_Transposed_SaysExpectedAndFound()
    {
        Refusal(Safetensors.Gau().Remove(Layer + "o_dense.weight").Add(Layer + "o_dense.weight", 12, 8))
            .Should().Contain(Layer + "o_dense.weight: shape [12, 8], but the configuration says [8, 12]");
    }

    [Fact]
    public void Embedding_FewerRowsThanTheConfigurationSays_SaysExpectedAndFound()
    {
        Refusal(Safetensors.Gau().Remove(Word).Add(Word, 7, 8)).Should().Contain(
            Word + ": shape [7, 8], but the configuration says [8, 8]");
    }

    [Fact]
    public void Tensor_AboveTwoGibibytes_IsRefusedBeforeAnythingIsRead()
    {
        const int Rows = 10_000_000, Width = 64;
        using TemporaryFolder folder = Safetensors.Gau().Folder(
            Safetensors.Config().Replace("\"vocab_size\":8", $"\"vocab_size\":{Rows}")
                .Replace("\"hidden_size\":8", $"\"hidden_size\":{Width}"));
        (string Name, long[] Shape)[] tensors =
        [
            (Word, [Rows, Width]), ("gau_alpha.embeddings.token_type_embeddings.weight", [2, Width]),
            (Layer + "i_dense.weight", [28, Width]), (Layer + "o_dense.weight", [Width, 12]),
            (Layer + "q_scaleoffset.weight", [4]), (Layer + "k_scaleoffset.weight", [4]),
        ];
        TensorEntry[] entries =
            [.. tensors.Select(tensor => new TensorEntry(tensor.Name, ElementType.Float32, tensor.Shape))];
        // A sparse file: it takes no room on the disk.
        using (FileStream file = File.Create(folder.Path("model.safetensors")))
            file.SetLength(SafetensorsWriter.WriteHeader(file, entries) + entries.Sum(entry => entry.ByteLength));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Error.Should().Contain($"{Word}: 2560000000 bytes in single precision; a tensor of a model has at most");
        result.Code.Should().Be(65);
    }

    [Fact]
    public void Size_ThatNoReaderTakes_IsRefusedWithTheConfigurationsName()
    {
        using TemporaryFolder folder = Safetensors.Gau().Add("unrelated", 300_000)
            .Folder(Safetensors.Config().Replace("\"intermediate_size\":12", "\"intermediate_size\":300000"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Error.Should().Contain("config.json: sizes: intermediate_size 300000 is outside of 1 to 262144");
        result.Code.Should().Be(65);
    }

    [Fact]
    public void Layer_BeyondTheConfiguration_OnlyWithAllowExtra()
    {
        Safetensors file = Safetensors.Gau().AddLayer("gau_alpha.", 1);
        Refusal(file).Should().Contain(
            "gau_alpha.encoder.layer.1.gau.i_dense.weight: the configuration (1 layers) has no place for this tensor and 3 others");
        using TemporaryFolder folder = file.Folder();
        ToolResult allowed = Tool.Run(folder.Root, "-o", folder.Path("out"), "--allow-extra");
        allowed.Code.Should().Be(0);
        allowed.Error.Should().Contain("left out: gau_alpha.encoder.layer.1.gau.i_dense.weight");
    }

    [Fact]
    public void Tensor_OfAnotherArchitectureInsideALayer_IsRefused()
    {
        Refusal(Safetensors.Gau().Add("gau_alpha.encoder.layer.0.LayerNorm.weight", 8)).Should().Contain(
            "LayerNorm.weight: the configuration");
    }

    [Theory]
    [InlineData("pooler.dense.weight")]
    [InlineData("fc.weight")]
    [InlineData("crf.transitions")]
    [InlineData("lstm.weight_hh_l0")]
    [InlineData("classifier_head.0.weight")]
    [InlineData("cls.predictions.bias")]
    [InlineData("cls.predictions.transform.dense.weight")]
    [InlineData("gau_alpha.encoder.adapter.weight")]
    [InlineData("prompt_embeddings.weight")]
    [InlineData("optimizer_head.weight")]
    public void Tensor_TrainedBesideTheModel_OnlyWithAllowExtra(string name)
    {
        Safetensors file = Safetensors.Gau().Add(name, 8, 8);
        Refusal(file).Should().Contain(name + ": the configuration (1 layers) has no place for this tensor");
        using TemporaryFolder folder = file.Folder();
        ToolResult allowed = Tool.Run(folder.Root, "-o", folder.Path("out"), "--allow-extra");
        allowed.Code.Should().Be(0);
        allowed.Error.Should().Contain("left out: " + name);
    }

    [Theory]
    [InlineData("base_model.model.gau_alpha.encoder.layer.0.gau.i_dense.lora_A.weight", "an adapter (LoRA, PEFT)")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.lora_B.default.weight", "an adapter (LoRA, PEFT)")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.base_layer.weight", "an adapter (LoRA, PEFT)")]
    [InlineData("base_model.model.classifier.modules_to_save.default.weight", "an adapter (LoRA, PEFT)")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.qweight", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.weight.absmax", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.weight.quant_state.bitsandbytes__nf4", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.SCB", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.weight_scale", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense._packed_params._packed_params/0", "quantized weights")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.weight_orig", "a weight in two parts")]
    [InlineData("gau_alpha.encoder.layer.0.gau.i_dense.parametrizations.weight.original0", "a weight in two parts")]
    public void Tensor_ThatChangesTheOthers_IsRefusedWithoutAWayToLeaveItOut(string name, string form)
    {
        Refusal(Safetensors.Gau().Add(name, 8, 8)).Should().Contain($"{name}: {form}").And.NotContain("--allow-extra");
        using TemporaryFolder folder = Safetensors.Gau().Add(name, 8, 8).Folder();
        Tool.Run(folder.Root, "-o", folder.Path("out"), "--allow-extra").Code.Should().Be(65);
        // An adapter alone has no configuration of a model beside it.
        File.Delete(folder.Path("config.json"));
        Tool.Run(folder.Root, "-o", folder.Path("out")).Error.Should().Contain(form);
        Tool.Run("inspect", folder.Root).Code.Should().Be(0);
    }

    [Theory]
    [InlineData("gau_alpha.embeddings.position_ids")]
    [InlineData("gau_alpha.encoder.embed_positions.weight")]
    [InlineData("gau_alpha.encoder.rotary.inv_freq")]
    [InlineData("optimizer/state/0/exp_avg")]
    [InlineData("lr_scheduler/last_lr")]
    [InlineData("norm.num_batches_tracked")]
    public void Tensor_ThatNothingComputesWith_IsIgnoredAndListed(string name)
    {
        using TemporaryFolder folder = Safetensors.Gau().Add(name, 8).Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(0);
        result.Error.Should().Contain("ignored: " + name);
    }

    [Theory]
    [InlineData(float.NaN, "element 13 [1, 1] is NaN")]
    [InlineData(float.PositiveInfinity, "element 13 [1, 1] is infinite")]
    [InlineData(float.NegativeInfinity, "element 13 [1, 1] is infinite")]
    public void Weight_NotFinite_IsRefusedWithIndex(float value, string reason)
    {
        Safetensors file = Safetensors.Gau();
        file.Values(Layer + "o_dense.weight")[13] = value;
        Refusal(file).Should().Contain(Layer + "o_dense.weight: " + reason);
    }

    [Fact]
    public void Weight_Denormal_IsAccepted()
    {
        Safetensors file = Safetensors.Gau();
        file.Values(Layer + "o_dense.weight")[13] = float.Epsilon;
        using TemporaryFolder folder = file.Folder();
        Tool.Convert(folder, folder.Root).Dispose();
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("f32")]
    public void Weights_FiniteButOverflowing_AreRefused(string type)
    {
        Safetensors file = Safetensors.Gau();
        file.Values(Layer + "i_dense.weight").AsSpan().Fill(3e38f);
        using TemporaryFolder folder = file.Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"), "--type", type);
        result.Code.Should().Be(65, result.Error);
        result.Error.Should().Contain("hidden states are not finite");
        folder.Files.Should().BeEquivalentTo("config.json", "model.safetensors", "vocab.txt");
    }

    [Fact]
    public void Checkpoint_NeitherArchitecture_IsRefused()
    {
        Refusal(new Safetensors().Add("bert.encoder.layer.0.attention.weight", 2, 2)).Should().Contain(
            "tensor names: neither GAU-α, RoFormerV2, BERT nor RoFormer");
    }

    private static string Refusal(Safetensors file)
    {
        using TemporaryFolder folder = file.Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        folder.Files.Should().BeEquivalentTo("config.json", "model.safetensors", "vocab.txt");
        return result.Error;
    }
}
