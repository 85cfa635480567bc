using System.CommandLine;
using GauRuntime.Tools;

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

    /// <exception cref="ToolException">Both are given, and the option is not of its variable.</exception>
    public GauModel Load(ParseResult result, CommandHost host)
    {
        string? named = result.GetValue(file);
        if (named is not null && EnvironmentOptions.IsTyped(result, option, host.Environment))
            throw new ToolException(ExitCode.Usage, $"MODEL and {option.Name} both name a model: give one of them");
        return ModelSource.Load(named ?? result.GetValue(option));
    }
}
