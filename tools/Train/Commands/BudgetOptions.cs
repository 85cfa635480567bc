using System.CommandLine;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Commands;

/// <summary>How much is trained: <c>--updates</c>, <c>--tokens</c> or <c>--hours</c>.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<int?> updates = OptionKinds.Number("--updates", "Make so many updates.", 1);
    private readonly Option<double?> tokens = OptionKinds.Amount(
        "--tokens", "Make as many updates as hold so many tokens, such as 1e9; padding does not count.");
    private readonly Option<double?> hours = OptionKinds.Amount(
        "--hours", $"Time the first {Budget.Measured} updates, and make as many as fill so many hours.");

    /// <summary>Adds them to a command.</summary>
    public BudgetOptions(Command command) => Array.ForEach<Option>([updates, tokens, hours], command.Add);

    /// <summary>What was asked for.</summary>
    /// <exception cref="ToolException">None or several of them, or nothing.</exception>
    public Budget Value(ParseResult result)
    {
        Budget[] given =
        [
            .. Given(BudgetUnit.Updates, result.GetValue(updates)),
            .. Given(BudgetUnit.Tokens, result.GetValue(tokens)), .. Given(BudgetUnit.Hours, result.GetValue(hours)),
        ];
        if (given.Length != 1)
            throw new ToolException(
                ExitCode.Usage, "How long to train: give one of --updates, --tokens and --hours.");
        return given[0].Amount > 0
            ? given[0]
            : throw new ToolException(ExitCode.Usage, $"a budget of {given[0]}: nothing would be trained");
    }

    private static Budget[] Given(BudgetUnit unit, double? amount) =>
        amount is { } value ? [new Budget(unit, value)] : [];
}
