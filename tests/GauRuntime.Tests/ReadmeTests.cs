using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Text;
using Xunit;

namespace GauRuntime.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void Readme_CSharpExample_IsTheCodeOfThisTestAndGivesALabel()
    {
        Environment.CurrentDirectory = Fixtures.Root;
        // README begins
        using GauModel model = GauModel.Load("models/legal.int8.safetensors");
        using GauWorkspace workspace = new(model);                  // one per thread; with a WorkerPool, one for all
        EncodedText text = new();
        model.Tokenizer.Encode("第一条　为了规范网络数据处理活动，制定本条例。", text);

        GauBatch batch = new();
        batch.Add(text.Ids, text.Segments);
        GauEncoder.Forward(model, batch, workspace);                // allocates nothing once warm

        float[] probabilities = new float[model.Head.Labels.Count];
        ClassifierHead.SequenceLogits(model, workspace, batch, text: 0, probabilities);
        Probabilities.Softmax(probabilities);
        // README ends

        probabilities.Sum().Should().BeApproximately(1, 1e-5f);
        model.Head.Labels[Array.IndexOf(probabilities, probabilities.Max())].Should().BeOneOf("行政法规", "地方法规");
        string source = File.ReadAllText(Path.Combine("tests", "GauRuntime.Tests", "ReadmeTests.cs"));
        Lines(Between(source, "// README begins\n", "        // README ends")).Should()
            .Equal(Lines(Between(File.ReadAllText("README.md"), "```csharp\n", "```")));
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Lines(string code) =>
        [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
