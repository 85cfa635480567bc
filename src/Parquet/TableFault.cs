namespace GauRuntime.Parquet;

/// <summary>
/// Something in a Parquet or Arrow file is not as it must be. Whoever knows the file's name and the place makes it a
/// <see cref="GauRuntime.Weights.GauFormatException"/>.
/// </summary>
internal sealed class TableFault(string reason, Exception? inner = null) : Exception(reason, inner);
