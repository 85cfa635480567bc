using System.Text.RegularExpressions;
using GauRuntime.Convert.Conversion;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Names;

/// <summary>Tensors that no model computes with: optimizer state, counters, tables that are computed anew.</summary>
/// <remarks>Whatever is not known to be one of them may have been trained, and is not passed over.</remarks>
internal static partial class Untrained
{
    private const int MaxBias = 10_000_000;   // tokens, the most of any vocabulary

    /// <summary>Whether a tensor is one of them.</summary>
    /// <param name="entry">A tensor that the model has no place for.</param>
    /// <param name="kind">The container.</param>
    /// <param name="used">Names of the tensors that it has a place for.</param>
    public static bool Is(TensorEntry entry, CheckpointKind kind, IReadOnlyList<string> used) =>
        kind == CheckpointKind.TensorFlow
            ? TensorFlowState().IsMatch(entry.Name) || used.Any(name => IsSlot(entry.Name, name))
            : TorchState().IsMatch(entry.Name) || TorchTable().IsMatch(entry.Name);

    /// <summary>Whether a tensor is a bias of the masked LM that adds nothing: this model has none.</summary>
    /// <exception cref="Weights.GauFormatException">A value is not finite.</exception>
    public static bool IsZeroBias(ICheckpoint checkpoint, TensorEntry entry)
    {
        if (!MaskedLmBias().IsMatch(entry.Name) || entry.Shape.Count != 1 || entry.ElementCount > MaxBias
            || !TensorLookup.IsFloat(entry.Type))
            return false;
        float[] bias = new float[entry.ElementCount];
        WeightReader.Read(checkpoint, entry, bias);
        return !bias.AsSpan().ContainsAnyExcept(0f);
    }

    [GeneratedRegex("(^|\\.)cls\\.predictions\\.(decoder\\.)?bias$", RegexOptions.CultureInvariant)]
    private static partial Regex MaskedLmBias();

    /// <summary>Optimizer slots, and averages, stand below the name of the variable they belong to.</summary>
    private static bool IsSlot(string name, string variable) =>
        name.Length > variable.Length && name[variable.Length] == '/'
        && name.StartsWith(variable, StringComparison.Ordinal);

    [GeneratedRegex(
        "^(global_step|save_counter|beta[12]_power|learning_rate|loss_scale|current_loss_scale|good_steps"
        + "|_CHECKPOINTABLE_OBJECT_GRAPH|optimizer)(/|$)|/\\.OPTIMIZER_SLOT/", RegexOptions.CultureInvariant)]
    private static partial Regex TensorFlowState();

    /// <summary>What a training program saves beside the model's state dict.</summary>
    [GeneratedRegex(
        "^((optimizer|optim|lr_scheduler|scheduler|scaler|grad_scaler|amp|amp_scaling)(s|_state|_states|_state_dict)?"
        + "|(torch_|cuda_|random_)?rng_states?|callbacks|loops|global_step|epoch|step|iteration)(/|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex TorchState();

    /// <summary>Buffers of a module: positions, counters, sines, weights of a loss.</summary>
    [GeneratedRegex(
        "(^|[./])(position_ids|token_type_ids|num_batches_tracked|inv_freq|(sin|cos)_cached"
        + "|n_averaged|embed_positions\\.weight|(loss|loss_fct|loss_fn|criterion)\\.(weight|pos_weight))$",
        RegexOptions.CultureInvariant)]
    private static partial Regex TorchTable();
}
