using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Results in JSON Lines; blank lines are skipped.</summary>
internal sealed class JsonResultReader(string name, DigestStream stream, ByteSource bytes, LineReader lines)
    : TextResultReader(name, stream, bytes, lines)
{
    private readonly JsonResult json = new();

    protected override bool Advance() => Lines.ReadFilled();

    protected override void Fill(ResultRow row) => json.Read(Lines.Line, row);
}
