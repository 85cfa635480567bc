namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>Stands for libtorch in builds without the peers' native libraries.</summary>
internal static class TorchEngine
{
    public static string Version => "no libtorch";

    public static string Fault() => "this build is without it; build with -p:Natives=true";

    public static IEngine Open(PeerModel model, bool half, bool masked, int threads, int callers) =>
        throw new NotSupportedException(Fault());
}
