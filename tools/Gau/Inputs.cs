using System.Text;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>Finds what a command line names as its inputs.</summary>
internal static class Inputs
{
    /// <summary>Files, folders and patterns, in order; <c>-</c> is standard input.</summary>
    public static InputFile[] Find(IEnumerable<string> paths, RecordFormat? format, CommandHost host, bool json) =>
        [.. InputPaths.Expand(paths, note => host.Note(note, json)).Select(path => Find(path, format, host))];

    /// <summary>One file, or <c>-</c>.</summary>
    public static InputFile Find(string path, RecordFormat? format, CommandHost host)
    {
        if (path == "-" && format == RecordFormat.Parquet)
            throw new ToolException(
                ExitCode.Usage, "Parquet is read from its end: it needs a file, not standard input");
        if (path == "-")
            return new InputFile("standard input", format ?? RecordFormat.JsonLines, null, host.OpenInput);
        InputFile file = InputFile.Find(path, format);
        return file with { Open = () => Interruptible(file.Open(), host) };
    }

    /// <summary>Refuses outputs in place of what is read, which <c>--force</c> would replace.</summary>
    /// <param name="read">Files that are read; null: none.</param>
    /// <param name="outputs">Files to be written; null: none.</param>
    public static void Protect(IEnumerable<string?> read, params string?[] outputs)
    {
        string[] inputs = [.. read.OfType<string>().Select(Path.GetFullPath)];
        foreach (string path in outputs.OfType<string>())
            if (path != "-" && inputs.Contains(Path.GetFullPath(path)) && !OutputFile.IsDevice(path))
                throw new ToolException(ExitCode.CannotCreate, $"{path}: this is an input", path);
    }

    private static Stream Interruptible(Stream stream, CommandHost host) =>
        stream.CanSeek ? stream : new InterruptibleStream(stream, host.Cancel);

    /// <summary>A text out of the command line. Its line feeds become spaces, which no tokenizer tells apart.</summary>
    public static InputFile OfArgument(int number, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace('\n', ' ') + "\n");
        return new InputFile($"argument {number}", RecordFormat.Text, bytes.Length, () => new MemoryStream(bytes));
    }
}
