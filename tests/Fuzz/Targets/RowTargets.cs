using System.Buffers.Binary;
using System.Text;
using GauRuntime.Evaluation.Rows;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Vectors;

namespace GauRuntime.Fuzz.Targets;

/// <summary>What our own programs wrote and read again: vectors and results.</summary>
internal static class RowTargets
{
    private const int LongestLine = 1 << 14;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("npy", () => [Npy("<f4", 4), Npy("<f2", 2), Npy("|i1", 1)], input =>
        {
            using EmbeddingVectors vectors = EmbeddingVectors.OpenNpy(input.File("v.npy"));
            float[] vector = new float[vectors.Dimensions];
            for (int i = 0; i < Math.Min(vectors.Count, 1000); i++)
                vectors.CopyTo(i, vector);
        }),
        new("vectors", VectorSeeds, input =>
        {
            InputFile file = InputFile.Find(input.File("v.jsonl"), null);
            if (!VectorFiles.AreIn(file, LongestLine))
                return;
            using VectorTable table = VectorFiles.Open(file, LongestLine, keepsTexts: true, CancellationToken.None);
        }),
        new("results", ResultSeeds, input =>
        {
            InputFile file = InputFile.Find(input.File("r"), null);
            using ResultReader rows = ResultReader.Open(file, null, LongestLine);
            for (int i = 0; i < 10_000 && rows.Read() is not null; i++)
            {
            }
        }),
    ];

    private static IEnumerable<byte[]> VectorSeeds() =>
    [
        """
        {"id":"a","embedding":[0.5,-1,2e-3],"tokens":3,"truncated":false,"text":"一"}
        {"id":null,"record":1,"error":"not JSON"}
        {"id":7,"embedding":[1,0,0]}
        """u8.ToArray(),
        Npy("<f4", 4),
    ];

    private static IEnumerable<byte[]> ResultSeeds() =>
    [
        """
        {"id":"law-01","label":"法律","score":0.75,"probabilities":{"法律":0.75,"法规":0.25},"tokens":57,"truncated":false}
        {"id":"law-02","error":"line 3: no field 'text'"}
        {"id":3,"entities":[{"label":"x","start":0,"end":2,"score":0.5,"text":"一二"}],"tokens":4,"truncated":true}
        """u8.ToArray(),
        """{"id":1,"embedding":[0.5,0.25],"tokens":3,"truncated":false}"""u8.ToArray(),
        "id,label,score,p:a,p:b,tokens,truncated,error\n1,a,0.75,0.75,0.25,3,false,\n2,,,,,,,\"bad, \"\"row\"\"\"\n"u8.ToArray(),
    ];

    // Three vectors of four numbers.
    private static byte[] Npy(string type, int width)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (3, 4), }}".PadRight(117) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. new byte[12 * width]];
    }
}
