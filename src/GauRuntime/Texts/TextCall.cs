namespace GauRuntime.Texts;

/// <summary>A caller's way of a single text through the model: a session, and what telemetry says of it.</summary>
internal ref struct TextCall : IDisposable
{
    private readonly GauModel model;
    private Measurement measurement;

    public TextCall(GauModel model, string operation)
    {
        this.model = model;
        measurement = GauTelemetry.Begin(operation);
        Session = model.Sessions.Rent();
    }

    public TextSession Session { get; }

    /// <summary>The text has its answer.</summary>
    public TextInfo Done(TextInfo text)
    {
        measurement.Done(1, text.Tokens);
        return text;
    }

    public void Dispose()
    {
        model.Sessions.Return(Session);
        measurement.Dispose();
    }

    /// <summary>What a text may be cut to.</summary>
    public static int Checked(int maxTokens, string name) =>
        maxTokens is >= TextSession.LeastTokens and <= GauBatch.MaxLength
            ? maxTokens
            : throw new ArgumentOutOfRangeException(
                name, maxTokens, $"texts can be cut to {TextSession.LeastTokens} to {GauBatch.MaxLength} tokens");
}
