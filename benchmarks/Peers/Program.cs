using System.Diagnostics;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Onnx;
using GauRuntime.Weights.ModelFile;
using GauRuntime;

string size = args[0];
ModelDescription model = RandomModel.Describe(size);
Directory.CreateDirectory("/tmp/peers");
string fp = $"/tmp/peers/{size}.f32.safetensors";
if (!File.Exists(fp)) RandomModel.Write(fp, model, WeightType.F32, 64);
using GauModel ours = GauModel.Load(fp);
GauWorkspace ws = new(ours);
Random r = new(1);
int[][] check = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 40).Select(_ => r.Next(5, 12000)).ToArray())];
GauBatch b = new(); foreach (var t in check) b.Add(t);
GauEncoder.Forward(ours, b, ws);
int[] lengths = [.. args[1].Split(',').Select(int.Parse)];
foreach (string f in args.Skip(2))
{
    string[] p = f.Split(':');
    GraphForm form = new(Enum.Parse<MatrixForm>(p[0]), p.Contains("masked"), p.Contains("flash")) { Sigmoid = p.Contains("sigmoid"), Whole = p.Contains("whole") };
    string path = $"/tmp/peers/{size}.{f.Replace(':', '-')}.onnx";
    EncoderGraph.Write(path, model, form, 2048);
    using OnnxEngine e = new(path, 1);
    e.Prepare([check]); e.Run();
    double max = 0, dot = 0, aa = 0, bb = 0;
    for (int t = 0; t < 2; t++) { float[] h = e.Hidden(0, t); for (int i = 0; i < h.Length; i++) { float o = ws.Hidden(t * 40 + i / 768)[i % 768]; max = Math.Max(max, Math.Abs(o - h[i])); dot += o * h[i]; aa += o * o; bb += h[i] * h[i]; } }
    Console.Write($"{f,-30} diff {max:E2} cos {dot / Math.Sqrt(aa * bb):F5}");
    foreach (int n in lengths)
    {
        e.Prepare([[[.. Enumerable.Range(0, n).Select(_ => r.Next(5, 12000))]]]);
        e.Run();
        List<double> times = [];
        for (int i = 0; i < 3 || (times.Sum() < 1 && i < 20); i++) { long t0 = Stopwatch.GetTimestamp(); e.Run(); times.Add(Stopwatch.GetElapsedTime(t0).TotalSeconds); }
        times.Sort();
        Console.Write($"  {n}: {n / times[times.Count / 2]:F0}");
    }
    Console.WriteLine();
    File.Delete(path);
}
return 0;
