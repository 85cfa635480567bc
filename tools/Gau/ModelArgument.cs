using System.CommandLine;

namespace GauRuntime.Cli;

/// <summary>The model of a command that is about a model: an argument or <c>--model</c>.</summary>
internal sealed class ModelArgument
{
    private readonly Argument<string?> _file = new("MODEL")
    {
        Description = "The model file; without it the model inside this program.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _option = CommonOptions.CreateModel();

    /// <summary>Adds both to a command.</summary>
    public ModelArgument(Command command)
    {
        command.Add(_file);
        command.Add(_option);
    }

    public GauModel Load(ParseResult result) =>
        ModelSource.Load(result.GetValue(_file) ?? result.GetValue(_option));
}
