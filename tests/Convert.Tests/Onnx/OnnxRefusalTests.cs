using GauRuntime.Benchmarks.Peers.Onnx;

namespace GauRuntime.Convert.Tests.Onnx;

/// <summary>Graphs that are not the model's own, and files that are damaged or hostile.</summary>
public sealed class OnnxRefusalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("com.microsoft", "SkipLayerNormalization", "a graph that was fused for ONNX Runtime (com.microsoft.SkipL")]
    [InlineData("com.microsoft", "Attention", "a graph that was fused for ONNX Runtime (com.microsoft.Attention)")]
    [InlineData("com.microsoft", "MatMulNBits", "a quantized graph (com.microsoft.MatMulNBits)")]
    [InlineData("", "MatMulInteger", "a quantized graph (MatMulInteger), whose weights are not the model's")]
    [InlineData("", "DequantizeLinear", "a quantized graph (DequantizeLinear)")]
    [InlineData("my.domain", "Own", "the operation my.domain.Own is not one of ONNX")]
    [InlineData("", "If", "a graph with branches or loops (If)")]
    public void Convert_GraphOfAnotherKind_IsNamed(string domain, string op, string reason) =>
        Refused(Export(new() { Further = (domain, op) }), 65, $"graph: {reason}");

    [Fact]
    public void Convert_PositionsOfRoberta_AreNamed() =>
        Refused(Export(new() { CountsPositions = true }), 65, "positions that are counted from the padding id (CumSum)");

    [Fact]
    public void Convert_LayersWithOtherNumbersOfHeads_AreRefused()
    {
        string path = Export(new() { Shape = [0, 0, 5, 16] });   // 5 heads of 16 are not 64 wide
        Refused(path, 65, "the graph does not tell the number of attention heads: --config names one");
    }

    [Theory]
    [InlineData("../model.onnx_data")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData("c:x")]
    public void Convert_ValuesInAnotherFolder_AreRefused(string location)
    {
        ProtoMessage tensor = new ProtoMessage().Integer(1, 2).Integer(2, 1).Text(8, "a.weight").Message(
            13, new ProtoMessage().Text(1, "location").Text(2, location)).Integer(14, 1);
        Refused(Model(new ProtoMessage().Message(5, tensor)), 65,
            $"tensor 'a.weight': '{location}' is no name of a file beside the model: refused");
    }

    [Fact]
    public void Convert_ValuesBeside_AreChecked()
    {
        string path = Export(new() { Beside = "data" });
        byte[] values = File.ReadAllBytes(folder.Path("data"));
        File.WriteAllBytes(folder.Path("data"), values[..^1]);
        Refused(path, 65, "it was cut short");
        File.Delete(folder.Path("data"));
        Refused(path, 66, "no such file");
    }

    /// <summary>The hash of the source covers every file that holds weights.</summary>
    [Fact]
    public void Convert_ValuesBeside_AreInTheHashOfTheSource()
    {
        string path = Export(new() { Beside = "data" });
        using Weights.ModelFile.ModelFileReader one = Converted();
        byte[] values = File.ReadAllBytes(folder.Path("data"));
        values[0] ^= 1;
        File.WriteAllBytes(folder.Path("data"), values);
        using Weights.ModelFile.ModelFileReader other = Converted();
        other.Description.Provenance.SourceSha256.Should().NotBe(one.Description.Provenance.SourceSha256);

        Weights.ModelFile.ModelFileReader Converted() =>
            Tool.Convert(folder, path, "--vocab", Fixtures.Path("bert-tiny", "vocab.txt"));
    }

    [Fact]
    public void Convert_CutAnywhere_IsOneLine()
    {
        byte[] whole = File.ReadAllBytes(Export(new()));
        Random random = new(1);
        int[] lengths = [.. Enumerable.Range(3, 40), .. Enumerable.Range(0, 40).Select(_ => random.Next(whole.Length))];
        foreach (int length in lengths)
        {
            ToolResult result = Run(folder.Write("cut.onnx", whole.AsSpan(0, length)));
            result.Code.Should().Be(65, $"{length} bytes: {result.Error}");
            result.Error.TrimEnd().Should().NotContain("\n");
        }
    }

    [Fact]
    public void Convert_DamagedAnywhere_IsConvertedOrOneLine()
    {
        byte[] whole = File.ReadAllBytes(Export(new()));
        Random random = new(2);
        for (int i = 0; i < 120; i++)
        {
            byte[] damaged = [.. whole];
            // The operations stand first, then values.
            for (int j = 0; j < 3; j++)
                damaged[random.Next(i % 2 == 0 ? 12_000 : whole.Length)] = (byte)random.Next(256);
            ToolResult result = Run(folder.Write("damaged.onnx", damaged));
            result.Code.Should().BeOneOf([0, 65, 66], result.Error);
            if (result.Code != 0)
                result.Error.TrimEnd().Split('\n').Count(line => line.Contains("error:")).Should().Be(1, result.Error);
        }
    }

    [Theory]
    [InlineData(1)]   // operations
    [InlineData(5)]   // tensors
    public void Convert_PartsWithoutEnd_AreRefusedBeforeTheyFillMemory(int field)
    {
        ProtoMessage graph = new();
        for (int i = 0; i <= 100_000; i++)
            graph.Message(field, field == 1 ? new() : new ProtoMessage().Text(8, i.ToString("x")));
        Refused(Model(graph), 65, "more than 100000 operations, 100000 tensors");
    }

    /// <summary>Whatever follows an operation to what it reads ends, though no graph of ONNX has a circle.</summary>
    [Theory]
    [InlineData("Unsqueeze")]
    [InlineData("Identity")]
    [InlineData("Concat")]
    public void Convert_OperationThatReadsItself_EndsAllTheSame(string op)
    {
        ProtoMessage graph = new ProtoMessage()
            .Message(1, new ProtoMessage().Text(1, "s").Text(2, "s").Text(4, op))
            .Message(1, new ProtoMessage().Text(1, "bert.encoder.layer.0.attention.self.query.bias").Text(1, "s")
                .Text(2, "q").Text(4, "Add"))
            .Message(1, new ProtoMessage().Text(1, "q").Text(1, "s").Text(2, "r").Text(4, "Reshape"))
            .Message(1, new ProtoMessage().Text(1, "q").Text(1, "q2").Text(2, "q2").Text(4, "Mul"))
            .Message(1, new ProtoMessage().Text(1, "s").Text(1, "s").Text(2, "m").Text(4, "MatMul"));
        Run(Export(new() { More = graph })).Code.Should().Be(0);
    }

    /// <summary>Each of many queries would lead to the same many operations.</summary>
    [Fact]
    public void Convert_LayersWithoutEnd_AreRefusedInLinearTime()
    {
        const int layers = 20_000;
        ProtoMessage graph = new();
        for (int i = 0; i < layers; i++)
            graph.Message(1, new ProtoMessage().Text(1, "bert.encoder.layer.0.attention.self.query.bias").Text(1, "x")
                .Text(2, $"q{i}").Text(4, "Add"));
        for (int i = 0; i < layers / 500; i++)
        {
            ProtoMessage join = new ProtoMessage().Text(2, $"j{i}").Text(4, "Mul");
            for (int j = 0; j < 500; j++)
                join.Text(1, $"q{500 * i + j}");
            graph.Message(1, join);
            for (int j = 0; j < 1000; j++)
                graph.Message(1, new ProtoMessage().Text(1, $"j{i}").Text(2, $"r{i}.{j}").Text(4, "Mul"));
        }
        string path = Export(new() { More = graph });
        TimeSpan took = ProcessorTime.Of(() => Refused(path, 65, "graph: more than 1000 layers"));
        took.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(3, 4, "16 bytes of values where [3] of float32 has 12")]
    [InlineData(4, 3, "12 bytes of values where [4] of float32 has 16")]
    [InlineData(-1, 3, "the shape [-1] is impossible")]
    public void Convert_ShapesThatLie_AreRefused(long size, int values, string reason)
    {
        ProtoMessage tensor = new ProtoMessage().Integer(1, size).Integer(2, 1).Text(8, "a.weight")
            .Block(9, new byte[4 * values]);
        Refused(Model(new ProtoMessage().Message(5, tensor)), 65, $"tensor 'a.weight': {reason}");
    }

    [Fact]
    public void Convert_NameThatOccursTwice_IsRefused()
    {
        ProtoMessage tensor = new ProtoMessage().Integer(1, 1).Integer(2, 1).Text(8, "a.weight").Block(9, new byte[4]);
        Refused(Model(new ProtoMessage().Message(5, tensor).Message(5, tensor)), 65, "'a.weight': the name occurs twice");
    }

    private string Export(ExportStyle style) =>
        OnnxExport.Write(Fixtures.Path("bert-tiny"), folder.Root, style);

    private string Model(ProtoMessage graph) =>
        folder.Write("made.onnx", new ProtoMessage().Integer(1, 8).Text(2, "test").Message(7, graph).Bytes);

    private ToolResult Run(string path) => Tool.Run(
        path, "-o", folder.Path("m"), "--force", "--vocab", Fixtures.Path("bert-tiny", "vocab.txt"));

    private void Refused(string path, int code, string reason)
    {
        ToolResult result = Run(path);
        result.Code.Should().Be(code, result.Error);
        result.Error.Should().Contain(reason);
    }
}
