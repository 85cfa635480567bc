using System.CommandLine;

namespace GauRuntime.Cli;

/// <summary>The model of a command that is about a model: an argument or <c>--model</c>.</summary>
internal sealed class ModelArgument
{
    private readonly Argument<string?> file = new("MODEL")
    {
        Description = "The model file; without it the model inside this program.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> option = CommonOptions.CreateModel();

    /// <summary>Adds both to a command.</summary>
    public ModelArgument(Command command)
    {
        command.Add(file);
        command.Add(option);
    }

    public GauModel Load(ParseResult result) =>
        ModelSource.Load(result.GetValue(file) ?? result.GetValue(option));
}
