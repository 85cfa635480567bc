using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>A calibration stands in a model file beside the same weights, and is one that the head can have.</summary>
public sealed class HeadCalibrationTests : IDisposable
{
    private static readonly HeadCalibration Calibration = new()
    {
        Temperature = 1.25f, Data = ["dev.jsonl"], DataHash = "0f", Records = 60, ErrorBefore = 0.25, ErrorAfter = 0.125,
    };

    private static readonly HeadConfig Several = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AddCalibration_OfAModel_KeepsItsWeightsInVersion3()
    {
        string plain = folder.Path("m.safetensors"), calibrated = folder.Path("c.safetensors");
        TinyModel.Write(plain, Several);
        HeadCalibration added = Calibration with
        {
            Thresholds = [0.5f, null, 0.0625f], Metric = ThresholdMetric.Precision, Precision = 0.9,
        };
        using ModelFileReader source = ModelFileReader.Open(plain);
        using (FileStream output = File.Create(calibrated))
            ModelFileWriter.AddCalibration(source, output, added);
        using ModelFileReader copy = ModelFileReader.Open(calibrated);
        copy.Description.Head.Calibration.Should().BeEquivalentTo(added);
        (copy.Description.Head with { Calibration = null }).Should().BeEquivalentTo(source.Description.Head);
        copy.Hash.Should().Be(source.Hash, "the weights are the same");
        (source.Metadata["gau.format"], copy.Metadata["gau.format"]).Should().Be(("2", "3"));
        source.Metadata["gau.head"].Should().NotContain("calibration");
        copy.Metadata["gau.head"].Should().EndWith(
            "\"calibration\":{\"temperature\":1.25,\"thresholds\":[0.5,null,0.0625],\"metric\":\"precision\",\"precision\":0.9,"
            + "\"data\":[\"dev.jsonl\"],\"data_hash\":\"0f\",\"records\":60,\"error_before\":0.25,\"error_after\":0.125}}");
    }

    [Fact]
    public void Fault_CalibrationThatDoesNotFit_IsNamed()
    {
        HeadConfig head = TinyModel.Sequence;
        string? Fault(HeadConfig of, HeadCalibration calibration) => (of with { Calibration = calibration }).Fault();
        Fault(head, Calibration).Should().BeNull();
        Fault(head with { Kind = HeadKind.MultipleChoice, Labels = [] }, Calibration).Should().BeNull();
        const string Kind = "calibration is for classifiers with labels, of texts, and for multiple choice";
        Fault(TinyModel.CrossEncoder, Calibration).Should().Be(Kind);
        Fault(head with { Kind = HeadKind.TokenClassification }, Calibration).Should().Be(Kind);
        Fault(TinyModel.NoHead, Calibration).Should().Be(Kind);
        foreach (float temperature in (float[])[0, -1, 0.009f, 101, float.NaN, float.PositiveInfinity])
            Fault(head, Calibration with { Temperature = temperature }).Should().Be(
                "calibration: the temperature is outside of 0.01 to 100");
        Fault(head, Calibration with { Records = 0 }).Should().Be("calibration: its records or its errors are none");
        Fault(head, Calibration with { ErrorAfter = double.NaN }).Should().StartWith("calibration: its records");
        Fault(head, Calibration with { Data = [] }).Should().Be("calibration: it names no data");
        HeadCalibration thresholds = Calibration with { Thresholds = [0.5f, 0.5f, null], Metric = ThresholdMetric.F1 };
        Fault(Several, thresholds).Should().BeNull();
        Fault(head, thresholds).Should().Be("calibration: thresholds are for texts that may have several labels");
        Fault(Several, thresholds with { Metric = null }).Should().Be(
            "calibration: thresholds, metric and precision do not go together");
        Fault(Several, thresholds with { Precision = 0.9 }).Should().StartWith("calibration: thresholds, metric");
        Fault(Several, thresholds with { Metric = ThresholdMetric.Precision, Precision = 1.5 }).Should().Be(
            "calibration: the precision is not above 0 and at most 1");
        Fault(Several, thresholds with { Thresholds = [0.5f] }).Should().Be("calibration: 1 thresholds for 3 labels");
        Fault(Several, thresholds with { Thresholds = [0.5f, 2, null] }).Should().Be(
            "calibration: a threshold is not from 0 to 1");
    }

    [Fact]
    public void AddCalibration_ThatDoesNotFit_IsRefused()
    {
        string plain = folder.Path("m.safetensors");
        TinyModel.Write(plain, TinyModel.CrossEncoder);
        using ModelFileReader source = ModelFileReader.Open(plain);
        using FileStream output = File.Create(folder.Path("c.safetensors"));
        FluentActions.Invoking(() => ModelFileWriter.AddCalibration(source, output, Calibration)).Should()
            .Throw<ArgumentException>();
    }
}
