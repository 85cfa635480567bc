namespace GauRuntime.Kernels;

/// <summary>The kernels of a tier compute something else here than they must; the message says what.</summary>
internal sealed class KernelFaultException(string message) : Exception(message);
