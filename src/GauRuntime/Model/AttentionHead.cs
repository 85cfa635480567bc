using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Model;

/// <summary>
/// O = normalize(factor · q kᵀ) v for one text and one head, a few queries at a time against all keys.
/// </summary>
/// <remarks>Memory is linear in the text: only <see cref="TileQueries"/> rows of scores exist at a time.</remarks>
internal static unsafe class AttentionHead
{
    /// <summary>
    /// Queries per tile: a multiple of the kernels' 6 rows whose scores stay in the L2 cache up to 4096 keys.
    /// </summary>
    public const int TileQueries = 48;

    private const int Panel = AxisLayout.Unit;

    /// <summary>
    /// Scale of the scores: 1 / √s with attention_scale, times log(max(l, min_keys)) / log 512 for softmax_plus.
    /// </summary>
    public static float Factor(ModelConfig config, int keys)
    {
        double factor = config.AttentionScale ? 1 / Math.Sqrt(config.KeySize) : 1;
        if (config.Normalization == Normalization.SoftmaxPlus)
            factor *= StrictMath.Log(Math.Max(keys, config.MinKeys)) / StrictMath.Log(512);
        return (float)factor;
    }

    /// <summary>
    /// Fills <see cref="GauWorkspace.Query"/> and <see cref="GauWorkspace.Keys"/> of a text and a head.
    /// </summary>
    /// <param name="workspace">Where to.</param>
    /// <param name="positions">Positions of the text's tokens [n].</param>
    /// <param name="q">Row of the first token: even, then odd features [2, half].</param>
    /// <param name="k">As q; the same as q in GAU.</param>
    /// <param name="ld">Row stride of q and k.</param>
    /// <param name="layer">γ and β, or null: none.</param>
    public static void Rotate(
        GauWorkspace workspace, ReadOnlySpan<int> positions, float* q, float* k, int ld, GauLayer? layer)
    {
        KernelSet kernels = workspace.Model.Kernels;
        RotaryTable rotary = workspace.Rotary;
        int half = workspace.Half, s = 2 * half, n = positions.Length;
        float* key = workspace.Keys + (long)AxisLayout.Pad(n) * s;   // one row behind the panels
        for (int i = 0; i < n; i++)
        {
            float* cos = rotary.Cos(positions[i]), sin = rotary.Sin(positions[i]);
            kernels.Rotate(q + (long)i * ld, layer is null ? null : layer.QGamma, layer is null ? null : layer.QBeta,
                cos, sin, workspace.Query + (long)i * s, half);
            kernels.Rotate(k + (long)i * ld, layer is null ? null : layer.KGamma, layer is null ? null : layer.KBeta,
                cos, sin, key, half);
            float* column = workspace.Keys + (long)(i / Panel) * s * Panel + i % Panel;
            for (int j = 0; j < s; j++) column[j * Panel] = key[j];
        }
    }

    /// <summary>O = A v, after <see cref="Rotate"/>.</summary>
    /// <param name="workspace">q, k and the scores.</param>
    /// <param name="n">Tokens of the text.</param>
    /// <param name="v">[n, ldv], row-major.</param>
    /// <param name="ldv">Row stride of v.</param>
    /// <param name="width">Columns of v, a multiple of 16.</param>
    /// <param name="o">[n, ldo].</param>
    /// <param name="ldo">Row stride of o.</param>
    public static void Attend(GauWorkspace workspace, int n, float* v, int ldv, int width, float* o, int ldo)
    {
        ModelConfig config = workspace.Model.Config;
        KernelSet kernels = workspace.Model.Kernels;
        int s = 2 * workspace.Half, ld = AxisLayout.Pad(n);
        float factor = Factor(config, n);
        for (int query = 0; query < n; query += TileQueries)
        {
            int rows = Math.Min(TileQueries, n - query);
            kernels.Multiply(
                workspace.Query + (long)query * s, s, rows, workspace.Keys, (long)s * Panel, Panel, s, ld / Panel,
                workspace.Scores, ld);
            for (int row = 0; row < rows; row++)
                if (config.Normalization == Normalization.SquaredRelu)
                    kernels.SquaredRelu(workspace.Scores + (long)row * ld, n, factor);
                else
                    kernels.Softmax(workspace.Scores + (long)row * ld, n, factor);
            kernels.Multiply(workspace.Scores, ld, rows, v, Panel, ldv, n, width / Panel, o + (long)query * ldo, ldo);
        }
    }
}
