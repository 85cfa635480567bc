namespace GauRuntime.Scoring.Records;

/// <summary>A stream that may pause: of a pipe, a terminal, a file that somebody writes while it is read.</summary>
internal abstract class PausingStream : Stream
{
    /// <summary>Waits until there is something to read, or the end.</summary>
    /// <param name="patience">How long at most.</param>
    /// <returns>False where nothing came.</returns>
    /// <exception cref="IOException">The stream failed.</exception>
    public abstract bool WaitForData(TimeSpan patience);
}
