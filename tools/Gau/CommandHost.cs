using System.Text;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Weights.Files;

namespace GauRuntime.Cli;

/// <summary>
/// What a command may touch of the world outside files, so that tests can run commands in their own process.
/// </summary>
internal sealed class CommandHost
{
    /// <summary>Opens standard input; fails with 66 where it is closed.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Opens standard output; fails with 74 where it is closed.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>
    /// Is told, as <see cref="OpenOutput"/> is, that something is about to be written that somebody else may not read:
    /// the write may never end.
    /// </summary>
    public Action DeviceOpened { get; init; } = () => { };

    /// <summary>What is done where the process ends in the middle of such a write.</summary>
    public HardEnds HardEnds { get; } = new();

    /// <summary>The file that standard input, output or error (0, 1, 2) is; null where it is not a file.</summary>
    public Func<int, FileIdentity?> StandardFile { get; init; } = _ => null;

    public required TextWriter Error { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Measures how long runs take, and wakes those who tell how they go.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Sets the most bytes that the managed heap may have.</summary>
    public Action<long> LimitHeap { get; init; } = _ => { };

    public CancellationToken Cancel { get; init; }

    /// <summary>The exit code of the signal that cancelled.</summary>
    public required Func<int> CancelCode { get; init; }

    /// <summary>A line on stderr about something worth knowing that is no fault.</summary>
    public void Note(string note, bool json) => Error.WriteLine(NoteLine.Of(note, json));

    /// <summary>Begins a file, or opens a device.</summary>
    /// <inheritdoc cref="OutputFile.Create"/>
    public OutputFile Create(string path, bool replace)
    {
        if (OutputFile.IsDevice(path))
            DeviceOpened();
        return OutputFile.Create(path, replace);
    }

    /// <summary>Writes a text to standard output and closes it.</summary>
    public void Print(string text)
    {
        using Stream output = OpenOutput();
        output.Write(Encoding.UTF8.GetBytes(text));
    }
}
