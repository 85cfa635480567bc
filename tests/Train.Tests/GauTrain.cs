namespace GauRuntime.Train.Tests;

/// <summary>Runs <c>gau-train</c> in this process.</summary>
internal static class GauTrain
{
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
