namespace GauRuntime.Threads;

/// <summary>
/// The system refuses another thread, which .NET tells as a lack of memory; more of that helps nobody.
/// </summary>
/// <param name="inner">What .NET says.</param>
internal sealed class RefusedThreadException(Exception inner) : Exception("the system refuses another thread", inner);
