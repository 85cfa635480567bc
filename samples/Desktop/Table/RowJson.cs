using System.Text.Json;

namespace GauRuntime.Desktop.Table;

/// <summary>
/// How rows of results are read: what is carried of a record stands deeper in them than in the record.
/// </summary>
internal static class RowJson
{
    private const int Depth = 128;   // of a record 64

    /// <summary>For readers.</summary>
    public static readonly JsonReaderOptions Reading = new() { MaxDepth = Depth };

    /// <summary>For documents.</summary>
    public static readonly JsonDocumentOptions Parsing = new() { MaxDepth = Depth };
}
