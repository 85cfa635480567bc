using System.Text;

namespace GauRuntime.Desktop.Models;

/// <summary>Tells every line that is written.</summary>
internal sealed class ToldLines(Action<string> told) : TextWriter
{
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value != '\n')
        {
            line.Append(value);
            return;
        }
        string whole = line.ToString().TrimEnd('\r');
        line.Clear();
        told(whole);
    }
}
