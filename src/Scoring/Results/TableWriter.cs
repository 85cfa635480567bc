using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>Makes a table, which cannot be gone on with, of the rows of JSON that a run has gathered.</summary>
/// <remarks>The same rows give the same bytes.</remarks>
internal abstract class TableWriter : IDisposable
{
    /// <summary>How near the stored vectors are to those that came; null where they are the same, or there are none.
    /// </summary>
    public virtual CosineLoss? Loss => null;

    /// <summary>Adds all rows, and ends the table.</summary>
    /// <param name="jsonLines">The rows. The caller closes the stream.</param>
    /// <param name="name">What a fault calls them.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="GauFormatException">A row is not such a result.</exception>
    public void AddAll(Stream jsonLines, string name, CancellationToken cancel)
    {
        LineReader lines = new(new ByteSource(jsonLines, name), int.MaxValue);
        while (lines.Read())
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                Add(lines.Line);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw new GauFormatException(
                    name, string.Create(CultureInfo.InvariantCulture, $"line {lines.Number}"),
                    e is FormatException ? e.Message : "no row of results", e);
            }
        }
        End();
    }

    /// <summary>Adds a row.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A value is not of its type.</exception>
    /// <exception cref="FormatException">A value is too great, or there is no such column.</exception>
    public abstract void Add(ReadOnlySpan<byte> row);

    /// <summary>Ends the table; its streams are not closed.</summary>
    public abstract void End();

    public virtual void Dispose()
    {
    }
}
