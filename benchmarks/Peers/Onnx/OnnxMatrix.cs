using System.Numerics.Tensors;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>Writes weight matrices and embedding tables in a <see cref="MatrixForm"/>.</summary>
internal sealed class OnnxMatrix(OnnxFile file, MatrixForm form)
{
    private const int Block = 64;

    private readonly Dictionary<string, string[]> quantized = [];   // of a value: q, scale, zero point

    /// <summary>y = x Wᵀ.</summary>
    /// <param name="x">Name of the input [B, n, inputs].</param>
    /// <param name="w">Weights [outputs, inputs].</param>
    /// <param name="inputs">Columns of w.</param>
    public string Multiply(string x, ReadOnlySpan<float> w, int inputs) => form switch
    {
        MatrixForm.Float => file.Node("MatMul", [x, Transposed(w, inputs)]),
        MatrixForm.Integer => Integer(x, w, inputs),
        MatrixForm.Dynamic => Dynamic(x, w, inputs),
        _ => Blocks(x, w, inputs),
    };

    /// <summary>Rows of a table [rows, width]; int8 with a scale per row unless the form is float.</summary>
    public string Lookup(string ids, ReadOnlySpan<float> table, int width)
    {
        int rows = table.Length / width;
        if (form == MatrixForm.Float)
            return file.Node("Gather", [file.Tensor(table, rows, width), ids]);
        float[] scales = new float[rows];
        sbyte[] q = new sbyte[table.Length];
        for (int row = 0; row < rows; row++)
            scales[row] = Quantize(table.Slice(row * width, width), q.AsSpan(row * width, width));
        string codes = file.Node("Gather", [file.Tensor<sbyte>(q, rows, width), ids]);
        string scale = file.Node("Gather", [file.Tensor<float>(scales, rows, 1), ids]);
        return file.Node("Mul", [file.Node("Cast", [codes], ("to", OnnxFile.Float)), scale]);
    }

    /// <summary>Attention with several heads, its first three products included; not for blocks.</summary>
    /// <param name="x">Name of the input [B, n, inputs].</param>
    /// <param name="w">Weights of q, k and v [3 · inputs, inputs].</param>
    /// <param name="inputs">Columns of w.</param>
    /// <param name="bias">Name of their biases [3 · inputs].</param>
    /// <param name="mask">Name of the mask [B, n], or null.</param>
    /// <param name="heads">Heads.</param>
    public string Attend(string x, ReadOnlySpan<float> w, int inputs, string bias, string? mask, int heads)
    {
        (string, object) count = ("num_heads", heads);
        if (form == MatrixForm.Float)
            return file.Contrib("Attention", [x, Transposed(w, inputs), bias, mask ?? ""], count);
        (string weights, string scales, string zeros) = Columns(w, inputs);
        string[] a = Quantized(x);
        return file.Contrib("QAttention", [a[0], weights, bias, a[1], scales, mask ?? "", a[2], zeros], count);
    }

    private string Transposed(ReadOnlySpan<float> w, int inputs)
    {
        int outputs = w.Length / inputs;
        float[] t = new float[w.Length];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++)
                t[i * outputs + o] = w[o * inputs + i];
        return file.Tensor<float>(t, inputs, outputs);
    }

    private string Integer(string x, ReadOnlySpan<float> w, int inputs)
    {
        (string weights, string scales, string zeros) = Columns(w, inputs);
        string[] a = Quantized(x);
        string sums = file.Node("MatMulInteger", [a[0], weights, a[2], zeros]);
        return file.Node(
            "Mul", [file.Node("Cast", [sums], ("to", OnnxFile.Float)), file.Node("Mul", [a[1], scales])]);
    }

    /// <summary>x as bytes, its scale, its zero point.</summary>
    private string[] Quantized(string x)
    {
        if (!quantized.TryGetValue(x, out string[]? a))
            quantized[x] = a = file.Node("", "DynamicQuantizeLinear", [x], 3);
        return a;
    }

    private string Dynamic(string x, ReadOnlySpan<float> w, int inputs)
    {
        (string weights, string scales, string zeros) = Columns(w, inputs);
        return file.Contrib("DynamicQuantizeMatMul", [x, weights, scales, zeros]);
    }

    /// <summary>W as int8 [inputs, outputs], a scale and the zero point 0 per output.</summary>
    private (string Weights, string Scales, string Zeros) Columns(ReadOnlySpan<float> w, int inputs)
    {
        int outputs = w.Length / inputs;
        sbyte[] row = new sbyte[inputs], q = new sbyte[w.Length];
        float[] scales = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            scales[o] = Quantize(w.Slice(o * inputs, inputs), row);
            for (int i = 0; i < inputs; i++)
                q[i * outputs + o] = row[i];
        }
        return (file.Tensor<sbyte>(q, inputs, outputs), file.Tensor<float>(scales, outputs),
            file.Tensor<sbyte>(new sbyte[outputs], outputs));
    }

    private string Blocks(string x, ReadOnlySpan<float> w, int inputs)
    {
        int outputs = w.Length / inputs, blocks = inputs / Block;
        sbyte[] row = new sbyte[Block];
        byte[] codes = new byte[w.Length];   // [outputs, blocks, 64], zero point 128
        float[] scales = new float[outputs * blocks];
        for (int b = 0; b < scales.Length; b++)
        {
            scales[b] = Quantize(w.Slice(b * Block, Block), row);
            for (int i = 0; i < Block; i++)
                codes[b * Block + i] = (byte)(row[i] + 128);
        }
        return file.Contrib(
            "MatMulNBits",
            [x, file.Tensor<byte>(codes, outputs, blocks, Block), file.Tensor<float>(scales, outputs, blocks)],
            ("K", inputs), ("N", outputs), ("bits", 8), ("block_size", Block), ("accuracy_level", 4));
    }

    /// <summary>Symmetric, ±127.</summary>
    private static float Quantize(ReadOnlySpan<float> x, Span<sbyte> q)
    {
        float max = Math.Abs(TensorPrimitives.MaxMagnitude(x)), scale = max == 0 ? 1 : max / 127;
        for (int i = 0; i < x.Length; i++)
            q[i] = (sbyte)MathF.Round(x[i] / scale);
        return scale;
    }
}
