using System.CommandLine;
using GauRuntime.Threads;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli;

/// <summary><c>--threads</c>: never more than this process may use.</summary>
internal sealed class ThreadsOption
{
    /// <summary>For the command's list of options.</summary>
    public Option<int?> Option { get; } = OptionKinds.Number(
        "--threads", "Worker threads [default: the processors this process may use, which is also the most]", 1, 1024);

    /// <summary>What was asked for, or the limit; a line on stderr tells where the limit was exceeded.</summary>
    public int Count(ParseResult result, CommandHost host)
    {
        int count = Within(result, host);
        if (result.GetValue(Option) is { } asked && asked > count)
            host.Note(
                $"{Option.Name} {asked} is more than this process may use: {count}",
                result.GetValue<bool>(CommonOptions.JsonName));
        return count;
    }

    /// <summary>The same without the line on stderr.</summary>
    public int Within(ParseResult result, CommandHost host)
    {
        int limit = ThreadLimit.Of(host.Environment);
        return Math.Min(result.GetValue(Option) ?? limit, limit);
    }
}
