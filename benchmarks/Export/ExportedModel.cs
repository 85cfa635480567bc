using GauRuntime.Text;
using Microsoft.ML.OnnxRuntime;

namespace GauRuntime.Benchmarks.Export;

/// <summary>The export as ONNX Runtime runs it; the converted model tells only the tokens of a text.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly GauModel model;
    private readonly EncodedText encoded = new(keepsSpans: false);

    public ExportedModel(string export, string model)
    {
        using SessionOptions settings = new() { IntraOpNumThreads = 1 };
        session = new InferenceSession(export, settings);
        this.model = GauModel.Load(model);
    }

    /// <summary>The mean of a text's hidden states, as its authors pool.</summary>
    public float[] Embed(string text)
    {
        model.Tokenizer.Encode(text, encoded, model.MaxTokens);
        int[] ids = encoded.Ids.ToArray();
        long[] tokens = [.. ids.Select(id => (long)id)], ones = [.. ids.Select(_ => 1L)], zeros = new long[ids.Length];
        long[] shape = [1, ids.Length];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(tokens, shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using OrtValue segments = OrtValue.CreateTensorValueFromMemory(zeros, shape);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            options, ["input_ids", "attention_mask", "token_type_ids"], [input, mask, segments], ["last_hidden_state"]);
        ReadOnlySpan<float> hidden = outputs[0].GetTensorDataAsSpan<float>();
        int width = hidden.Length / ids.Length;
        float[] mean = new float[width];
        for (int i = 0; i < hidden.Length; i++)
            mean[i % width] += hidden[i] / ids.Length;
        return mean;
    }

    public void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }
}
