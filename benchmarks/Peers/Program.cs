using GauRuntime.Benchmarks.Peers.Engines;
return EngineSpec.All.Count;
