using GauRuntime.Evaluation.Clue;
using GauRuntime.Tools;
using GauRuntime.Train.Finetuning;

namespace GauRuntime.Train.Tests.Finetuning;

public sealed class ClueRecipeTests
{
    /// <summary>From ZhuiyiTechnology/roformer-v2, <c>clue/*.py</c>: maxlen, batch_size, grad_accum_steps, epochs.</summary>
    [Theory]
    [InlineData("iflytek", 128, 32, 1, 10)]
    [InlineData("tnews", 128, 32, 1, 10)]
    [InlineData("afqmc", 128, 32, 1, 10)]
    [InlineData("cmnli", 128, 32, 1, 10)]
    [InlineData("ocnli", 128, 32, 1, 10)]
    [InlineData("csl", 128, 32, 1, 10)]
    [InlineData("wsc", 128, 32, 1, 30)]
    [InlineData("c3", 512, 4, 4, 10)]
    [InlineData("chid", 64, 12, 2, 5)]
    public void Of_Task_IsThatOfTheAuthorsScript(string name, int length, int batch, int accumulate, int epochs) =>
        ClueRecipe.Of(ClueTask.Find(name)!).Should().Be(new ClueRecipe(length, batch, accumulate, epochs));

    [Theory]
    [InlineData("cmrc2018", "GlobalPointer", "--task qa")]
    [InlineData("cluener", "EfficientGlobalPointer", "--task token")]
    public void Of_TaskWithAnotherHead_IsRefusedWithWhatTrainsOne(string name, string head, string other) =>
        ((Action)(() => ClueRecipe.Of(ClueTask.Find(name)!))).Should().Throw<ToolException>()
            .Where(fault => fault.Code == ExitCode.Usage).WithMessage($"*{head}*{other}*");
}
