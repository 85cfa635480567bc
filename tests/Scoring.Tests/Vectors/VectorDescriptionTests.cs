using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Vectors;

public sealed class VectorDescriptionTests
{
    private static VectorDescription Some => new()
    {
        Model = "00ff", ModelMetadata = "ff00", Pooling = "mean, normalize", Normalize = true, Dimensions = 16,
        Prefix = "查询：\"", MaxTokens = 512, Similarity = Similarity.Dot, Precision = VectorPrecision.Int8, Task = "embed",
    };

    [Fact]
    public void Parse_WhatWasWritten_IsTheSame()
    {
        Some.ToJson().Should().Be(
            "{\"version\":1,\"model\":\"00ff\",\"model_metadata\":\"ff00\",\"pooling\":\"mean, normalize\",\"normalize\":true,"
            + "\"dimensions\":16,\"prefix\":\"查询：\\\"\",\"max_tokens\":512,\"similarity\":\"dot\",\"precision\":\"int8\","
            + "\"task\":\"embed\"}");
        Parse(Some.ToJson()).Should().Be(Some);
        Parse(Some.ToJson(rows: 7)).Should().Be(Some, "what it does not know is passed over");
    }

    [Fact]
    public void IsSameSpace_OtherPrefixLengthPrecision_IsTheSame()
    {
        Some.IsSameSpace(Some with { Prefix = "", MaxTokens = 8, Precision = VectorPrecision.F32, Task = "x" })
            .Should().BeTrue();
        Some.IsSameSpace(Some with { Model = "0" }).Should().BeFalse();
        Some.IsSameSpace(Some with { ModelMetadata = "0" }).Should().BeFalse();
        Some.IsSameSpace(Some with { Pooling = "cls" }).Should().BeFalse();
        Some.IsSameSpace(Some with { Normalize = false }).Should().BeFalse();
        Some.IsSameSpace(Some with { Dimensions = 8 }).Should().BeFalse();
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"dimensions\":16", "\"dimensions\":0")]
    [InlineData("\"dimensions\":16", "\"dimensions\":1e99")]
    [InlineData("\"model\":\"00ff\"", "\"model\":null")]
    [InlineData("\"normalize\":true", "\"normalize\":1")]
    [InlineData("\"similarity\":\"dot\"", "\"similarity\":\"Dot\"")]
    [InlineData("\"precision\":\"int8\"", "\"precision\":\"int4\"")]
    [InlineData("\"task\"", "\"tasks\"")]
    [InlineData("{", "[")]
    [InlineData("{", "")]
    public void Parse_SomethingElse_IsAFault(string from, string to)
    {
        Action parse = () => Parse(Some.ToJson().Replace(from, to, StringComparison.Ordinal));
        parse.Should().Throw<FormatException>()
            .WithMessage("the description of the vectors is malformed, or that of another version of gau");
    }

    [Fact]
    public void Read_FileThatIsTooLarge_IsRefusedBeforeItIsRead()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("v.npy.json", Some.ToJson());
        VectorDescription.Read(File.OpenRead(path), path).Should().Be(Some);
        using (FileStream file = File.OpenWrite(path))
            file.SetLength((4 << 20) + 1);
        Action read = () => VectorDescription.Read(File.OpenRead(path), path);
        read.Should().Throw<GauFormatException>()
            .WithMessage($"{path}: whole file: 4194305 bytes are no description of vectors");
    }

    private static VectorDescription Parse(string json) => VectorDescription.Parse(Encoding.UTF8.GetBytes(json));
}
