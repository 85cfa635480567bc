namespace GauRuntime.Convert.Tests.Onnx;

/// <summary>A model that people use, as it is shipped for ONNX Runtime.</summary>
public sealed class TrainedExportTests
{
    /// <summary>The script fails where a vector of F32 is not that of ONNX Runtime (cosine 0.99999).</summary>
    [Fact]
    public void Embed_MiniLmFromItsExport_IsThatOfOnnxRuntime()
    {
        TestLevel.RequireLong();
        (int code, string output, string error) = ChildProcess.Shell(
            $"'{Path.Combine(Fixtures.Root, "benchmarks", "Export", "run")}'", TimeSpan.FromMinutes(20));
        code.Should().Be(0, error);
        output.Should().Contain("f32.jsonl: ").And.Contain("int8.jsonl: ");
    }
}
