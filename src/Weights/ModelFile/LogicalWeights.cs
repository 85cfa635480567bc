namespace GauRuntime.Weights.ModelFile;

/// <summary>The weights of a model file as numbers: what was stored, with the error that storing made.</summary>
internal static unsafe class LogicalWeights
{
    /// <summary>Fills a buffer with a tensor's logical weights; scale · q where it is int8.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="spec">A tensor of its model.</param>
    /// <param name="w">[out, in], row-major.</param>
    public static void Read(ModelFileReader file, TensorSpec spec, Span<float> w)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Role == TensorRole.Rows)
        {
            float* rows = file.Rows(spec.Name);
            for (int row = 0; row < spec.Rows; row++)
                for (int k = 0; k < spec.Inputs.StoredSize; k++)
                    if (spec.Inputs.Sources[k] is >= 0 and int input)
                        w[row * spec.Columns + input] = rows[(long)row * spec.Inputs.StoredSize + k];
            return;
        }
        PackedMatrix matrix = file.Matrix(spec.Name);
        for (int column = 0; column < spec.Outputs.StoredSize; column++)
            if (spec.Outputs.Sources[column] is >= 0 and int output)
                ReadColumn(matrix, column, spec.Inputs.Sources, w.Slice(output * spec.Columns, spec.Columns));
    }

    /// <summary>Fills a buffer with the step of every weight's grid: its block's scale, 0 for float.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="spec">A tensor of its model.</param>
    /// <param name="steps">[out, in], row-major.</param>
    public static void ReadSteps(ModelFileReader file, TensorSpec spec, Span<float> steps)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(spec);
        steps.Clear();
        if (file.StorageOf(spec).Type == WeightType.F32)
            return;
        PackedMatrix matrix = file.Matrix(spec.Name);
        for (int column = 0; column < spec.Outputs.StoredSize; column++)
            if (spec.Outputs.Sources[column] is >= 0 and int output)
                for (int k = 0; k < spec.Inputs.StoredSize; k++)
                    if (spec.Inputs.Sources[k] is >= 0 and int input)
                        steps[output * spec.Columns + input] =
                            matrix.Scales(column)[k / matrix.Block * AxisLayout.Unit];
    }

    private static void ReadColumn(PackedMatrix matrix, int column, ReadOnlySpan<int> sources, Span<float> row)
    {
        const int unit = AxisLayout.Unit;
        bool int8 = matrix.Type == WeightType.Int8;
        for (int k = 0; k < sources.Length; k++)
        {
            if (sources[k] < 0)
                continue;
            row[sources[k]] = int8
                ? matrix.Int8(column)[k / 4 * 4 * unit + k % 4] * matrix.Scales(column)[k / matrix.Block * unit]
                : matrix.Floats(column)[k * unit];
        }
    }
}
