using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Tools;

/// <summary>A line on stderr about something worth knowing that is no fault.</summary>
internal static class NoteLine
{
    /// <summary>The line, without its end.</summary>
    /// <param name="note">What is worth knowing.</param>
    /// <param name="json">Whether it goes to a program.</param>
    public static string Of(string note, bool json)
    {
        note = TemporaryName.Hide(note);
        return json
            ? JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("note"u8, note);
                writer.WriteEndObject();
            })
            : $"note: {Printable.Escaped(note)}";
    }
}
