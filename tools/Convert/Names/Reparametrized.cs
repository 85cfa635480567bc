using System.Text.RegularExpressions;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Names;

/// <summary>
/// Checkpoints whose matrices are computed from several tensors: low-rank adapters, quantized or pruned weights.
/// Without one of these tensors the model would be another one, so none may be left out.
/// </summary>
internal static partial class Reparametrized
{
    private const int LongestName = 1000;   // nothing longer is worth a look, which takes the square of it

    private const string Unquantized = "convert the checkpoint that it was quantized from";

    /// <summary>Refuses such a checkpoint, with the tensor that shows it and what to do.</summary>
    /// <exception cref="GauFormatException">It is one.</exception>
    public static void Refuse(ICheckpoint checkpoint)
    {
        foreach (TensorEntry tensor in checkpoint.Tensors)
            if (Form(tensor) is { } form)
                throw new GauFormatException(checkpoint.Path, tensor.Name, form);
    }

    private static string? Form(TensorEntry tensor)
    {
        string name = tensor.Name.Length > LongestName ? "" : tensor.Name;
        return Adapter().IsMatch(name)
                ? "an adapter (LoRA, PEFT), which is not merged into the weights: merge it (merge_and_unload()), save "
                    + "the model and convert that"
            : Quantized().IsMatch(name) || IsQuantized(tensor)
                ? $"quantized weights (bitsandbytes, GPTQ, AWQ, torch or another), which are not read: {Unquantized}"
            : Split().IsMatch(name)
                ? "a weight in two parts (pruning or weight normalization), which are not put together: do that "
                    + "(torch.nn.utils.prune.remove, remove_parametrizations), save the model and convert that"
            : null;
    }

    private static bool IsQuantized(TensorEntry tensor) =>
        tensor.StoredType is { } stored && stored.StartsWith('q');   // qint8, quint4x2, …

    [GeneratedRegex(
        "(^|[./])(lora_(A|B|E|embedding_A|embedding_B|magnitude_vector)|base_layer\\.(weight|bias)|modules_to_save"
        + "|ia3_l|hada_w[12]_[ab]|lokr_w[12](_[ab])?|oft_[rR]|vera_lambda_[bd]|loha_\\w+|adapter_(down|up)|ranknum)"
        + "([./]|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Adapter();

    [GeneratedRegex(
        "[./](qweight|qzeros|g_idx|SCB|CB|weight_format|absmax|nested_absmax|quant_map|nested_quant_map"
        + "|quant_state\\.\\w+|weight_packed|weight_scale(_inv)?|weight_scale_2|weight_zero_point|W_q"
        + "|_packed_params(\\.\\w+)*"
        + "|codebooks|weight\\._(data|scale|shift))([./]\\w+)*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Quantized();

    [GeneratedRegex(
        "[./](weight_(orig|mask|g|v)|parametrizations\\.\\w+\\.original[01]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Split();
}
