using System.Text.Json;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Text;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Explain;

/// <summary>An explanation as one JSON object on one line. Offsets count code points.</summary>
internal static class ExplanationJson
{
    public static string Of(TextExplanation explanation) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("text"u8, explanation.Text);
        if (explanation.Pair is not null)
            json.WriteString("pair"u8, explanation.Pair);
        WriteAnswer(explanation, json);
        json.WriteNumber("total_tokens"u8, explanation.TotalTokens);
        json.WriteBoolean("truncated"u8, explanation.TotalTokens > explanation.Tokens.Count);
        json.WriteString("occlusion"u8, explanation.Occlusion == Occlusion.Drop ? "drop" : "mask");
        WriteTokens(explanation, json);
        json.WriteNumber("heads"u8, explanation.Config.HeadCount);
        WriteAttention(explanation, json);
        json.WriteEndObject();
    }) + "\n";

    private static void WriteAnswer(TextExplanation explanation, Utf8JsonWriter json)
    {
        if (explanation.Head.ProblemType == ProblemType.Regression)
        {
            json.WriteNumber("value"u8, explanation.Score);
            return;
        }
        json.WriteString("label"u8, explanation.Head.Labels[explanation.Best]);
        json.WriteNumber("score"u8, explanation.Score);
        json.WriteStartObject("probabilities"u8);
        for (int i = 0; i < explanation.Answer.Count; i++)
            json.WriteNumber(explanation.Head.Labels[i], explanation.Answer[i]);
        json.WriteEndObject();
    }

    private static void WriteTokens(TextExplanation explanation, Utf8JsonWriter json)
    {
        CodePointOffsets first = new(explanation.Text), second = new(explanation.Pair);
        json.WriteStartArray("tokens"u8);
        foreach (ExplainedToken token in explanation.Tokens)
        {
            json.WriteStartObject();
            json.WriteString("token"u8, token.Token);
            if (token.Without is { } without)
            {
                json.WriteNumber("start"u8, token.Text == 1 ? second.At(token.Start) : first.At(token.Start));
                json.WriteNumber("end"u8, token.Text == 1 ? second.At(token.End) : first.At(token.End));
                if (token.Text == 1)
                    json.WriteBoolean("pair"u8, true);
                json.WriteNumber("without"u8, without);
                json.WriteNumber("change"u8, (double)without - explanation.Score);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteAttention(TextExplanation explanation, Utf8JsonWriter json)
    {
        json.WriteStartArray("attention"u8);
        for (int layer = 0; layer < explanation.Config.LayerCount; layer++)
        {
            json.WriteStartArray();
            for (int query = 0; query < explanation.Tokens.Count; query++)
            {
                json.WriteStartArray();
                foreach (float weight in explanation.Attention(layer, query))
                    json.WriteNumberValue(weight);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }
}
