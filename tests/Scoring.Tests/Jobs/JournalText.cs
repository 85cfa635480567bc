using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Scoring.Jobs;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>What stands in journals, as text.</summary>
internal static class JournalText
{
    /// <summary>What an entry or a fingerprint writes.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The fingerprint that a text is of.</summary>
    public static JobFingerprint Job(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JobFingerprint.Read(document.RootElement);
    }

    /// <summary>The entry that a text is of.</summary>
    public static JournalEntry Entry(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JournalEntry.Read(document.RootElement);
    }
}
