using System.Text;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Weights.Files;

namespace GauRuntime.Cli;

/// <summary>Finds what a command line names as its inputs.</summary>
internal static class Inputs
{
    private const string StandardInput = "standard input";

    /// <summary>Files, folders and patterns, in order; <c>-</c> is standard input.</summary>
    public static InputFile[] Find(IEnumerable<string> paths, RecordFormat? format, CommandHost host, bool json) =>
        [.. InputPaths.Expand(paths, note => host.Note(note, json)).Select(path => Find(path, format, host))];

    /// <summary>One file, or <c>-</c>.</summary>
    public static InputFile Find(string path, RecordFormat? format, CommandHost host)
    {
        if (path == "-" && format is { } table && RecordFormats.IsTable(table))
            throw new ToolException(
                ExitCode.Usage,
                $"{TableContent.NameOf(table)} is read from its end: it needs a file, not standard input");
        if (path == "-")
            return new InputFile(StandardInput, format ?? RecordFormat.JsonLines, null, host.OpenInput);
        InputFile file = InputFile.Find(path, format);
        // Who opens a pipe of a name waits for its writer.
        return file with
        {
            Open = () => file.Length is null
                ? Interruptible(Task.Run(file.Open).WaitAsync(host.Cancel).GetAwaiter().GetResult(), host)
                : Interruptible(file.Open(), host),
        };
    }

    /// <summary>The files that a command touches, its inputs and what stdout and stderr are so far.</summary>
    /// <exception cref="ToolException">stdout or stderr goes into an input.</exception>
    public static TouchedFiles Touched(CommandHost host, IEnumerable<InputFile> inputs)
    {
        TouchedFiles files = new(ExitCode.Usage);
        FileIdentity? output = host.StandardFile(StandardStreams.Output);
        FileIdentity? error = host.StandardFile(StandardStreams.Error);
        files.Write(output, "standard output");
        if (error != output)
            files.Write(error, "standard error");
        foreach (InputFile input in inputs)
        {
            files.Read(input.Path);
            foreach (string beside in VectorFiles.Beside(input))
                files.Read(beside);
            if (IsStandard(input))
                files.Read(host.StandardFile(StandardStreams.Input), input.Name);
        }
        return files;
    }

    /// <summary>Adds a file that is written, unless it is a device, or standard output (results only).</summary>
    public static void WriteTo(this TouchedFiles files, string? path, string role)
    {
        if (role != "--output")
            RequireFile(path, role);
        if (path is not (null or "-") && !OutputFile.IsDevice(path))
            files.Write(path, role);
    }

    /// <summary>Refuses standard output for anything but results.</summary>
    /// <exception cref="ToolException">It is that.</exception>
    public static void RequireFile(string? path, string role)
    {
        if (path == "-")
            throw new ToolException(ExitCode.Usage, $"{role}: name a file; results alone go to standard output");
    }

    /// <summary>Whether an input is a text out of the command line.</summary>
    public static bool IsText(InputFile input) => input.Path is null && input.Name != StandardInput;

    /// <summary>Whether an input is standard input.</summary>
    public static bool IsStandard(InputFile input) => input.Path is null && input.Name == StandardInput;

    private static Stream Interruptible(Stream stream, CommandHost host) =>
        stream.CanSeek ? stream : new InterruptibleStream(stream, host.Cancel);

    /// <summary>A text out of the command line. Its line feeds become spaces, which no tokenizer tells apart.</summary>
    /// <param name="role">What it was typed as.</param>
    /// <param name="number">Which of those it is, from 1.</param>
    /// <param name="text">The text.</param>
    public static InputFile OfText(string role, int number, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace('\n', ' ') + "\n");
        return new InputFile($"{role} {number}", RecordFormat.Text, bytes.Length, () => new MemoryStream(bytes))
        {
            Encoding = TextEncoding.Utf8,
        };
    }
}
