using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;

namespace GauRuntime.Train.Finetuning;

/// <summary>What a model is worth while it is trained, by the figures of <c>gau eval</c>.</summary>
internal static class DevEvaluation
{
    /// <summary>Compares a model's answers with labels.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The records that judge.</param>
    /// <param name="batch">Examples at a time.</param>
    /// <exception cref="ToolException">It gives numbers that are not finite.</exception>
    public static HeadEvaluation Of(TrainableModel model, FinetuneData data, int batch)
    {
        HeadConfig head = model.Description.Head;
        LogitAnswers answers = new(head);
        HeadEvaluation evaluation = HeadEvaluation.Of(head);
        Answer[] all = new Answer[data.Dev.Count];
        using IDisposable off = torch.no_grad();
        foreach (int[] indices in EpochPlan.ByLength(data.DevExamples, batch))
        {
            Example[] examples = [.. indices.Select(i => data.DevExamples[i])];
            float[] logits = Logits(model, examples);
            if (data.Values != ValueScale.None)
                foreach (ref float value in logits.AsSpan())
                    value = data.Values.Plain(value);
            int width = logits.Length / examples.Length;
            for (int i = 0; i < examples.Length; i++)
                all[indices[i]] = answers.Of(examples[i], logits.AsSpan(i * width, Own(head, examples[i], width)))
                    ?? throw new ToolException(ExitCode.Diverged,
                        "the model gives numbers that are not finite: a smaller --rate may help");
        }
        // In the order of the records, as gau eval has them.
        for (int i = 0; i < all.Length; i++)
            Add(evaluation, data.Dev[i], all[i]);
        return evaluation;
    }

    /// <summary>Compares an answer with the label of its record.</summary>
    public static void Add(HeadEvaluation evaluation, in TextRecord record, Answer answer)
    {
        using JsonDocument label = JsonDocument.Parse(record.Label!);
        evaluation.Add(record, answer, label.RootElement);
    }

    // Of tokens, those of padding are left out.
    private static int Own(HeadConfig head, Example example, int width) =>
        head.Kind is HeadKind.TokenClassification or HeadKind.QuestionAnswering
            ? example.Length * head.OutputCount : width;

    private static float[] Logits(TrainableModel model, Example[] examples)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TokenBatch tokens = ExampleBatch.Tokens(examples, model);
        torch.Tensor logits = model.Head(model.Encode(tokens, DropoutRates.None), tokens);
        return logits.to(torch.ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
