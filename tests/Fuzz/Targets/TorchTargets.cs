using System.IO.Compression;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Tests;

namespace GauRuntime.Fuzz.Targets;

/// <summary>PyTorch's checkpoints: their containers, and the pickles in them.</summary>
internal static class TorchTargets
{
    private static readonly byte[] Storage = new byte[256];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("torch", Containers, input => Read(input, input.Bytes)),
        new("pickle", Pickles, input => Read(input, ZipWriter.Torch(input.Bytes, Storage, Storage)))
        {
            // A byte of a pickle can make an object that takes fifty.
            BytesPerByte = 1024,
        },
    ];

    /// <summary>A zip archive and a legacy file.</summary>
    public static IEnumerable<byte[]> Containers() =>
    [
        ZipWriter.Torch(Nested(), Storage),
        File.ReadAllBytes(Fixtures.Gau("pytorch_model.legacy.bin"))[..4096],
    ];

    private static IEnumerable<byte[]> Pickles()
    {
        yield return Nested();
        yield return PickleWriter.Dict("t", p => p.Tensor("HalfStorage", "1", 128, 2, [2, 3], [1, 2]));
        foreach (string model in new[] { "gau-tiny", "bert-tiny" })
        {
            using ZipArchive archive = ZipFile.OpenRead(Fixtures.Path(model, "pytorch_model.bin"));
            using Stream pickle = archive.Entries.Single(entry => entry.Name == "data.pkl").Open();
            using MemoryStream bytes = new();
            pickle.CopyTo(bytes);
            yield return bytes.ToArray();
        }
    }

    private static byte[] Nested()
    {
        PickleWriter pickle = new();
        pickle.Op('}').Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        pickle.Text("a.weight").Tensor("FloatStorage", "0", 64, 0, [8, 8], [8, 1]);
        pickle.Text("a.bias").Tensor("FloatStorage", "0", 64, 8, [2, 3], [0, 4]);
        return pickle.Op('u').Op('s').Stop();
    }

    private static void Read(FuzzInput input, byte[] file)
    {
        using TorchCheckpoint checkpoint = new(input.File("m.bin", file));
        Tensors.ReadAll(checkpoint);
    }
}
