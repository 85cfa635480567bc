using System.Globalization;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>Tells every 30 seconds how much of the inputs has been read.</summary>
internal sealed class IndexProgress : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly long bytes;
    private readonly CommandHost host;
    private readonly bool json;
    private readonly ITimer? timer;
    private long read;

    /// <summary>Begins to tell.</summary>
    public IndexProgress(IEnumerable<InputFile> inputs, CommandHost host, bool json, bool isShown)
    {
        bytes = inputs.Sum(input => input.Length ?? 0);
        (this.host, this.json) = (host, json);
        timer = isShown ? host.Clock.CreateTimer(_ => Tell(), null, Interval, Interval) : null;
    }

    /// <summary>Adds bytes that were read; safe from any thread.</summary>
    public void Add(long more) => Interlocked.Add(ref read, more);

    public void Dispose() => timer?.Dispose();

    private void Tell()
    {
        long done = Interlocked.Read(ref read);
        host.Error.WriteLine(json
            ? JsonText.Of("progress", writer =>
            {
                writer.WriteNumber("bytes_read"u8, done);
                writer.WriteNumber("bytes"u8, bytes);
            })
            : string.Create(CultureInfo.InvariantCulture, $"gau: {done} of {bytes} bytes read"));
    }
}
