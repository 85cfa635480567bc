using Microsoft.ML.OnnxRuntime;

namespace GauRuntime.Benchmarks.Peers.Engines;

/// <summary>ONNX Runtime on a graph of this program; inputs and outputs lie in pinned arrays.</summary>
internal sealed class OnnxEngine : IEngine
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly List<Bound> batches = [];

    private readonly int callers;

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of an operation.</param>
    /// <param name="callers">Batches at a time.</param>
    public OnnxEngine(string path, int threads, int callers)
    {
        this.callers = callers;
        using SessionOptions settings = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        // Its threads must not spin on while another engine has its turn.
        settings.AddSessionConfigEntry("session.force_spinning_stop", "1");
        session = new InferenceSession(path, settings);
    }

    /// <summary>Name and version of the runtime.</summary>
    public static string Version => "ONNX Runtime " + OrtEnv.Instance().GetVersionString();

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<int[][]> batches)
    {
        Release();
        int width = session.OutputMetadata.Values.First().Dimensions[^1];
        foreach (int[][] texts in batches)
            this.batches.Add(new Bound(texts, width, [.. session.InputMetadata.Keys]));
    }

    /// <inheritdoc/>
    public void Run() => Callers.Run(batches.Count, callers, (i, _) => session.Run(
        options, session.InputNames, batches[i].Inputs, session.OutputNames, batches[i].Outputs));

    /// <inheritdoc/>
    public float[] Hidden(int text)
    {
        Bound bound = batches[0];
        int row = bound.Length * bound.Width;
        return bound.Hidden.AsSpan(text * row, bound.Texts[text].Length * bound.Width).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        options.Dispose();
        session.Dispose();
    }

    private void Release()
    {
        foreach (Bound batch in batches)
            batch.Dispose();
        batches.Clear();
    }

    /// <summary>A batch padded to its longest text, with the memory of its output.</summary>
    private sealed class Bound : IDisposable
    {
        public Bound(int[][] texts, int width, IReadOnlyList<string> inputs)
        {
            Texts = texts;
            Width = width;
            Length = texts.Max(text => text.Length);
            Hidden = new float[texts.Length * Length * width];
            long[] shape = [texts.Length, Length];
            Inputs = [.. inputs.Select(name => OrtValue.CreateTensorValueFromMemory(Values(name), shape))];
            Outputs = [OrtValue.CreateTensorValueFromMemory(Hidden, [.. shape, width])];
        }

        public int[][] Texts { get; }

        public int Width { get; }

        public int Length { get; }

        public float[] Hidden { get; }

        public OrtValue[] Inputs { get; }

        public OrtValue[] Outputs { get; }

        public void Dispose()
        {
            foreach (OrtValue value in (OrtValue[])[.. Inputs, .. Outputs])
                value.Dispose();
        }

        private long[] Values(string name)
        {
            long[] values = new long[Texts.Length * Length];
            for (int i = 0; i < Texts.Length; i++)
                for (int j = 0; j < Texts[i].Length; j++)
                    values[i * Length + j] = name switch { "ids" => Texts[i][j], "mask" => 1, _ => 0 };
            return values;
        }
    }
}
