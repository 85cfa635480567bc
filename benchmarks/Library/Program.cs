using System.Diagnostics;
using System.Globalization;
using GauRuntime;
using GauRuntime.Benchmarks;

// How long the default model takes to load and to classify a short text, on one thread:
//   dotnet run -c Release --project benchmarks/Library
const int Loads = 50, Calls = 500;
const string Text = "人民法院审理共享菜园租赁合同纠纷案件，应当依照民法典的有关规定认定合同效力并结合";

string path = args.Length > 0 ? args[0] : "models/legal.int8.safetensors";
Machine machine = Machine.Read();
Console.WriteLine($"{machine.Processor}, {machine.Framework}");

double first = Time(() => GauModel.Load(path).Dispose());
double[] loads = Times(Loads, () => GauModel.Load(path).Dispose());
using GauModel model = GauModel.Load(path, maxConcurrency: 1);
GauClassifier classifier = new(model);
float[] probabilities = new float[classifier.Labels.Count];
double cold = Time(() => classifier.Classify(Text, probabilities));
double[] calls = Times(Calls, () => classifier.Classify(Text, probabilities));

Print("load, the first in the process", first);
Print("load, median", Median(loads));
Print("load, best", loads.Min());
Print($"classify {Text.Length} characters, the first", cold);
Print($"classify {Text.Length} characters, median", Median(calls));
Print($"classify {Text.Length} characters, best", calls.Min());
return 0;

static double Time(Action action)
{
    long started = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
}

static double[] Times(int count, Action action) => [.. Enumerable.Range(0, count).Select(_ => Time(action))];

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

static void Print(string what, double milliseconds) => Console.WriteLine(
    string.Create(CultureInfo.InvariantCulture, $"{what,-40} {milliseconds,8:F2} ms"));
