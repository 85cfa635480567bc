using System.Numerics.Tensors;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// The embedding layer. E is stored once, as the matrix of the tied masked-LM head; a token is a column of it.
/// </summary>
internal static unsafe class Embedding
{
    /// <summary>x = norm(E[id] + T[segment] + P[position]); there may be no T, and no P.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Ids and segments, checked.</param>
    /// <param name="firstToken">The first token.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="x">[count, ld].</param>
    /// <param name="ld">Row stride of x: the width of the embeddings padded to a multiple of 16.</param>
    public static void Lookup(GauModel model, GauBatch batch, int firstToken, int count, float* x, int ld)
    {
        PackedMatrix e = model.WordEmbedding.Weights;
        ReadOnlySpan<int> ids = batch.Ids, segments = batch.Segments, positions = batch.Positions;
        for (int i = firstToken; i < firstToken + count; i++)
        {
            float* row = x + (long)(i - firstToken) * ld;
            if (e.Type == WeightType.F32)
                CopyFloat(e.Floats(ids[i]), row, ld);
            else
                CopyInt8(e.Int8(ids[i]), e.Scales(ids[i]), e.Block, row, ld);
            float* last = model.SegmentEmbedding == null
                ? null
                : model.SegmentEmbedding + (long)segments[i] * ld;
            if (model.PositionEmbedding != null)
            {
                Span<float> sum = new(row, ld);
                if (last != null)
                    TensorPrimitives.Add(sum, new ReadOnlySpan<float>(last, ld), sum);
                last = model.PositionEmbedding + (long)positions[i] * ld;
            }
            model.EmbeddingNorm.Add(model.Kernels, row, ld, last, ld, 1);
        }
    }

    private static void CopyFloat(float* column, float* row, int count)
    {
        for (int k = 0; k < count; k++)
            row[k] = column[k * AxisLayout.Unit];
    }

    private static void CopyInt8(sbyte* column, float* scales, int block, float* row, int count)
    {
        for (int k = 0; k < count; k++)
            row[k] = column[k / 4 * 4 * AxisLayout.Unit + k % 4] * scales[k / block * AxisLayout.Unit];
    }
}
