using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>New models, copies with other heads, and what does not fit.</summary>
public sealed class TrainableModelTests
{
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Create_EveryArchitecture_HasTheTensorsOfTheListAndIsDrawnFromTheSeed(Architecture architecture)
    {
        ModelDescription description = Trainable.Describe(Trainable.Config(architecture));
        using TrainableModel one = TrainableModel.Create(description, 4, CPU, ScalarType.Float32),
            same = TrainableModel.Create(description, 4, CPU, ScalarType.Float32),
            other = TrainableModel.Create(description, 5, CPU, ScalarType.Float32);
        IReadOnlyList<TensorSpec> specs = ModelTensors.For(description);
        one.Parameters.Select(parameter => parameter.Name).Should().Equal(specs.Select(spec => spec.Name));
        foreach ((Parameter parameter, TensorSpec spec) in one.Parameters.Zip(specs))
        {
            parameter.Value.numel().Should().Be((long)spec.Rows * spec.Columns);
            parameter.Value.requires_grad.Should().BeTrue();
            float[] values = one.Read(spec.Name);
            same.Read(spec.Name).Should().Equal(values);
            if (spec.Role != TensorRole.Rows)
                other.Read(spec.Name).Should().NotEqual(values);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures.Heads), MemberType = typeof(Architectures))]
    public void WithHead_EveryKind_KeepsTheEncoderAndDrawsTheHead(Architecture architecture, HeadKind kind)
    {
        using TrainableModel model =
            TrainableModel.Create(Trainable.Describe(Trainable.Config(architecture)), 4, CPU, ScalarType.Float32);
        HeadConfig head = TinyModel.HeadOf(architecture, kind);
        using TrainableModel copy = model.WithHead(head, 7), again = model.WithHead(head, 7), other = model.WithHead(head, 8);
        copy.Description.Head.Should().Be(head);
        foreach (Parameter parameter in copy.Parameters)
        {
            string name = parameter.Name;
            float[] values = copy.Read(name);
            again.Read(name).Should().Equal(values);
            if (!name.StartsWith("head.", StringComparison.Ordinal))
                model.Read(name).Should().Equal(values);
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                values.Should().AllSatisfy(value => value.Should().Be(0));
            else
                other.Read(name).Should().NotEqual(values);
        }
        copy.Description.Config.HasMaskedLm.Should().Be(
            kind == HeadKind.MaskedLm || !ArchitectureTraits.Of(architecture).TransformsMaskedLm);
        copy.Load(ModelTensors.WordEmbedding, new float[copy.Read(ModelTensors.WordEmbedding).Length]);
        model.Read(ModelTensors.WordEmbedding).Should().Contain(value => value != 0, "it is a copy");
    }

    [Fact]
    public void WithHead_MaskedLmWithAMatrixOfItsOwn_KeepsIt()
    {
        using TrainableModel model = TrainableModel.Create(
            Trainable.Describe(Trainable.Variants["gau untied"]), 4, CPU, ScalarType.Float32);
        using TrainableModel copy =
            model.WithHead(TinyModel.HeadOf(Architecture.GauAlpha, HeadKind.SequenceClassification), 7);
        copy.Description.Config.UntiedDecoder.Should().BeTrue();
        copy.Read(ModelTensors.Decoder).Should().Equal(model.Read(ModelTensors.Decoder));
    }

    [Fact]
    public void Load_ValuesOfAnotherSizeOrName_AreRefused()
    {
        using TrainableModel model =
            TrainableModel.Create(Trainable.Describe(Trainable.Config(Architecture.GauAlpha)), 4, CPU, ScalarType.Float32);
        model.Invoking(one => one.Load("layers.0.gau.o_dense", new float[3])).Should().Throw<ArgumentException>()
            .WithMessage("3 values for the 864 of layers.0.gau.o_dense*");
        model.Invoking(one => one.Load("layers.9.gau.o_dense", [])).Should().Throw<ArgumentException>()
            .WithMessage("*no tensor 'layers.9.gau.o_dense'*");
        model.Invoking(one => one.Read("")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Encode_WhatTheModelDoesNotHave_IsRefused()
    {
        using TrainableModel model = TrainableModel.Create(
            Trainable.Describe(Trainable.Config(Architecture.Bert)), 4, CPU, ScalarType.Float32);
        void Refused(int[] ids, int[]? segments, string reason)
        {
            using TokenBatch batch = new([ids], segments is null ? null : [segments], CPU);
            model.Invoking(one => one.Encode(batch, DropoutRates.None)).Should().Throw<ArgumentException>().WithMessage(reason);
        }
        Refused([5, 200], null, "token id 200 is outside of the vocabulary of 200");
        Refused([5, 6], [0, 2], "segment id 2 is outside of the 2 segments");
        Refused([.. Enumerable.Repeat(5, 41)], null, "a text of 41 tokens, but the model has learned 40 positions");
        model.Invoking(one => one.Head(zeros(1), null!)).Should().Throw<InvalidOperationException>();
        using TrainableModel classifier = model.WithHead(TinyModel.HeadOf(Architecture.Bert, HeadKind.SequenceClassification), 1);
        classifier.Invoking(one => one.MaskedLm(zeros(1), DropoutRates.None)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void TokenBatch_PartsThatDoNotFit_AreRefused()
    {
        foreach (Func<TokenBatch> create in (Func<TokenBatch>[])
            [
                () => new TokenBatch([], null, CPU), () => new TokenBatch([[5], []], null, CPU),
                () => new TokenBatch([[5, 6]], [[0]], CPU), () => new TokenBatch([[5, 6]], null, CPU, [[true]]),
                () => new TokenBatch([[5, 6]], null, CPU, [[false, false]]),
            ])
            create.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void TokenBatch_TextsOfUnequalLength_ArePaddedWithNothing()
    {
        using TokenBatch batch = new([[5, 0, 7], [8]], [[0, 1, 1], [1]], CPU);
        batch.Ids.data<long>().Should().Equal(5, 0, 7, 8, 0, 0);
        batch.Segments.data<long>().Should().Equal(0, 1, 1, 1, 0, 0);
        batch.Mask.data<bool>().Should().Equal(true, true, true, true, false, false);
        (batch.Count, batch.Length).Should().Be((2, 3));
    }

    [Fact]
    public void Create_MoreThanTheMachineHas_IsRefusedBeforeItIsAllocated()
    {
        ModelDescription large = Trainable.Describe(Trainable.Config(Architecture.GauAlpha) with
        {
            HiddenSize = 65_536, IntermediateSize = 262_144, LayerCount = 1000,
        });
        Action create = () => TrainableModel.Create(large, 1, CPU, ScalarType.Float32);
        create.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Unsupported);
    }

    [Fact]
    public void Create_AnotherType_IsRefused()
    {
        Action create = () => TrainableModel.Create(
            Trainable.Describe(Trainable.Config(Architecture.GauAlpha)), 1, CPU, ScalarType.Float16);
        create.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Open_Devices_AreTheProcessorOrRefused()
    {
        DeviceName.Parse("cpu").Open().type.Should().Be(TorchSharp.DeviceType.CPU);
        Assert.SkipWhen(cuda.is_available(), "there is a graphics card");
        DeviceName.Parse("cuda").Invoking(device => device.Open()).Should().Throw<ToolException>()
            .Where(fault => fault.Code == ExitCode.Unsupported).WithMessage("--device cuda:0: libtorch finds no CUDA*");
    }
}
