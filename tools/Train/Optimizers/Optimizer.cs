using GauRuntime.Train.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Optimizers;

/// <summary>Changes parameters by their gradients, and keeps two tensors of state for each of them.</summary>
/// <remarks>The state has the type and the device of the parameters; norms are summed in double. Not thread-safe.
/// </remarks>
internal abstract class Optimizer : IDisposable
{
    private readonly Tensor[] first, second;   // running means of the gradient and of its square, as the parameters

    /// <param name="parameters">What is trained.</param>
    protected Optimizer(IReadOnlyList<Parameter> parameters)
    {
        using IDisposable off = no_grad();
        Parameters = parameters;
        first = [.. parameters.Select(Zeros)];
        second = [.. parameters.Select(Zeros)];
    }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>t, the updates that were made.</summary>
    public long Updates { get; private set; }

    /// <summary>The state by name: <c>m.NAME</c> and <c>v.NAME</c> of every parameter.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => Parameters.SelectMany((parameter, i) =>
        ((string, Tensor)[])[("m." + parameter.Name, first[i]), ("v." + parameter.Name, second[i])]);

    /// <summary>Makes an update by the gradients, which are 0 then; where there is none, it counts as 0.</summary>
    /// <param name="rate">η, at least 0.</param>
    public void Step(double rate)
    {
        using IDisposable off = no_grad();
        Updates++;
        Prepare();
        for (int i = 0; i < Parameters.Count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor weights = Parameters[i].Value;
            Tensor gradient = weights.grad ?? zeros_like(weights);
            Step(i, weights, gradient, first[i], second[i], rate);
            gradient.zero_();
        }
    }

    /// <summary>Goes on where another optimizer of the same kind was.</summary>
    /// <param name="updates">The updates that it had made.</param>
    /// <param name="fill">Fills a tensor of <see cref="State"/>, in its order.</param>
    public void Restore(long updates, Action<string, Tensor> fill)
    {
        foreach ((string name, Tensor value) in State)
            fill(name, value);
        Updates = updates;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in first.Concat(second))
            tensor.Dispose();
    }

    /// <summary>What happens to all gradients before the first parameter is changed.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Changes one parameter.</summary>
    /// <param name="index">Its place among <see cref="Parameters"/>.</param>
    /// <param name="w">Its value.</param>
    /// <param name="g">Its gradient, whose memory may be used for something else.</param>
    /// <param name="m">Its first tensor of state.</param>
    /// <param name="v">Its second one.</param>
    /// <param name="rate">η.</param>
    protected abstract void Step(int index, Tensor w, Tensor g, Tensor m, Tensor v, double rate);

    private static Tensor Zeros(Parameter parameter) => zeros_like(parameter.Value).DetachFromDisposeScope();
}
