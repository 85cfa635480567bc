using GauRuntime.Evaluation.Clue;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Finetuning;

/// <summary>How the authors fine-tune on a task of CLUE (ZhuiyiTechnology/roformer-v2, <c>clue/*.py</c>).</summary>
/// <param name="MaxLength">Tokens of a text.</param>
/// <param name="Batch">Records, or questions, of a micro-batch.</param>
/// <param name="Accumulate">Micro-batches of an update.</param>
/// <param name="Epochs">Times that every record is seen.</param>
internal sealed record ClueRecipe(int MaxLength, int Batch, int Accumulate, int Epochs)
{
    private static readonly ClueRecipe Usual = new(128, 32, 1, 10);

    /// <summary>The recipe of a task.</summary>
    /// <exception cref="ToolException">Its head is none that the runtime computes.</exception>
    public static ClueRecipe Of(ClueTask task) => task.Name switch
    {
        "wsc" => Usual with { Epochs = 30 },
        "c3" => new ClueRecipe(512, 4, 4, 10),
        "chid" => new ClueRecipe(64, 12, 2, 5),
        "cmrc2018" => throw Missing(task, "GlobalPointer, a score of every pair of tokens", "qa"),
        "cluener" => throw Missing(task, "EfficientGlobalPointer, a score of every pair of tokens", "token"),
        _ => Usual,
    };

    /// <summary>What is trained for a task.</summary>
    public static TrainingTask Task(ClueTask task) => new(
        task.Head, IsPair: false,
        task.Head == HeadKind.SequenceClassification ? ProblemType.SingleLabel : null);

    private static ToolException Missing(ClueTask task, string head, string other) => new(
        ExitCode.Usage, $"--clue-task {task.Name}: the authors' head is {head}, which the runtime does not compute: "
            + $"--task {other} trains a head of the ports on records of your own");
}
