using GauRuntime.Convert.Keras;
using GauRuntime.Convert.Onnx;
using GauRuntime.Convert.Tests.Onnx;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Tests;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Checkpoints but PyTorch's.</summary>
internal static class CheckpointTargets
{
    private const string Beside = "model.onnx_data";

    public static IEnumerable<FuzzTarget> All =>
    [
        new("safetensors", SafetensorsSeeds, input =>
        {
            using ICheckpoint checkpoint = new SafetensorsCheckpoint(input.File("m.safetensors"));
            Tensors.ReadAll(checkpoint);
        }),
        new("shard-index", IndexSeeds, input =>
        {
            input.Beside("a.safetensors", () => SafetensorsSeeds().First());
            using ICheckpoint checkpoint = CheckpointFile.Open(input.File("m.safetensors.index.json"));
            Tensors.ReadAll(checkpoint);
        })
        {
            NamesFiles = true,
        },
        new("tensorflow", TableSeeds, input => ReadBundle(input, input.Bytes))
        {
            NamesFiles = true,
        },
        new("tensorflow-sealed", TableSeeds, input => ReadBundle(input, TableSeal.Seal(input.Bytes)))
        {
            NamesFiles = true,
        },
        new("hdf5", () => Files("hdf5", "*.h5", mostBytes: 40_000), input =>
        {
            using KerasCheckpoint checkpoint = KerasCheckpoint.Open(input.File("m.h5"));
            Tensors.ReadAll(checkpoint);
            _ = new KerasModel(checkpoint);
        })
        {
            // Structure is read by the piece, and may be read several times; all of it is counted (HdfSource).
            FixedBytes = 256 << 20,
        },
        new("onnx", OnnxSeeds, input =>
        {
            input.Beside(Beside, () => new byte[1 << 20]);
            using OnnxCheckpoint checkpoint = new(input.File("model.onnx"));
            PlainGraph.Require(checkpoint.Graph);
            _ = GraphFacts.Read(checkpoint);
            Tensors.ReadAll(checkpoint);
        })
        {
            NamesFiles = true, BytesPerByte = 1024,
        },
        new("checkpoint", AnySeeds, input =>
        {
            using ICheckpoint checkpoint = CheckpointFile.Open(input.File("m"));
            Tensors.ReadAll(checkpoint);
        })
        {
            NamesFiles = true, BytesPerByte = 1024,
        },
    ];

    private static IEnumerable<byte[]> SafetensorsSeeds() => [File.ReadAllBytes(Fixtures.Path("st-tiny", "2_Dense", "model.safetensors"))];

    private static IEnumerable<byte[]> IndexSeeds() =>
    [
        """
        {"metadata": {"total_size": 3264}, "weight_map": {"linear.weight": "a.safetensors", "linear.bias": "a.safetensors"}}
        """u8.ToArray(),
        """{"weight_map":{"linear.weight":"b.safetensors"}}"""u8.ToArray(),
    ];

    private static IEnumerable<byte[]> TableSeeds()
    {
        yield return File.ReadAllBytes(Fixtures.Gau("bert_model.ckpt.index"));
        yield return File.ReadAllBytes(Fixtures.Path("bert-tiny", "bert_model.ckpt.index"));
        using TemporaryFolder folder = new();
        BundleTensor[] tensors = [.. Enumerable.Range(0, 9).Select(i => new BundleTensor($"layer_{i}/kernel", 1, [2, 3], new byte[24]))];
        yield return new BundleWriter { UseSnappy = true, EntriesPerBlock = 2 }.Write(folder.Path("m.ckpt"), tensors);
    }

    private static void ReadBundle(FuzzInput input, byte[] index)
    {
        input.Beside("m.ckpt.data-00000-of-00001", () => new byte[1 << 16]);
        input.File("m.ckpt.index", index);
        using ICheckpoint checkpoint = new TensorFlowCheckpoint(Path.Combine(input.Folder, "m.ckpt"));
        Tensors.ReadAll(checkpoint);
    }

    private static IEnumerable<byte[]> OnnxSeeds()
    {
        using TemporaryFolder folder = new();
        foreach (string matrices in new[] { "onnx::MatMul_", "" })
        {
            yield return File.ReadAllBytes(OnnxExport.Write(
                Fixtures.Path("bert-tiny", "head-seq"), folder.Root, new() { Beside = Beside, Matrices = matrices }));
        }
    }

    private static IEnumerable<byte[]> AnySeeds() =>
    [
        .. SafetensorsSeeds(), .. IndexSeeds(), .. TableSeeds(), .. OnnxSeeds(), .. TorchTargets.Containers(),
        .. Files("hdf5", "latest-format.h5", int.MaxValue),
    ];

    private static IEnumerable<byte[]> Files(string folder, string pattern, int mostBytes) =>
        Directory.GetFiles(Fixtures.Path(folder), pattern).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).Where(bytes => bytes.Length <= mostBytes);
}
