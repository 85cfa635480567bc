using System.Text;
using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.Files;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Output;

/// <summary>
/// Writes a trained model as a folder that gau-convert takes without an option: weights under the names of the PyTorch
/// ports, <c>config.json</c>, <c>vocab.txt</c>, the tokenizer's other files where it needs them, and a card.
/// </summary>
internal static class TrainedCheckpoint
{
    /// <summary>The files that such a folder can hold.</summary>
    public static IReadOnlyCollection<string> Files { get; } =
    [
        CheckpointWeights.Name, CheckpointConfig.Name, CheckpointTokenizer.Vocabulary, CheckpointTokenizer.Settings,
        CheckpointTokenizer.Added, ModelCard.Name,
    ];

    /// <summary>Why a model cannot be written so, or null; asked before it is trained.</summary>
    public static string? Fault(ModelDescription model)
    {
        ModelConfig encoder = model.Config;
        if (encoder.Dialect != Dialect.Port || model.Tokenizer.Rules != Dialect.Port || encoder.MinKeys != 1
            || encoder.FirstAlwaysKey || encoder.MaskedLmEps is not null)
            return $"the model follows the rules of {JsonName.Of(encoder.Dialect)}, which the configuration of a "
                + "PyTorch checkpoint cannot say: train one that was converted with --dialect port";
        if (model.Embedding is not null)
            return "the model makes vectors by layers of its own, which are none of a checkpoint with a head";
        if (encoder.Eps is not (> 0 and < 1))
            return $"the eps of its norms, {encoder.Eps}, is not between 0 and 1";
        return CheckpointTokenizer.Fault(model.Vocabulary);
    }

    /// <summary>Refuses a folder that cannot be written; asked before a model is trained.</summary>
    /// <param name="folder">Where it will go.</param>
    /// <param name="replace">Whether a checkpoint that is there may be replaced.</param>
    /// <exception cref="ToolException">It cannot.</exception>
    public static void Require(string folder, bool replace) => StagedFolder.Require(folder, replace, Files);

    /// <summary>Refuses a folder that is the model which training begins with; asked before it is trained.</summary>
    /// <param name="folder">Where the checkpoint will go.</param>
    /// <param name="model">What is read.</param>
    /// <exception cref="ToolException">They are the same (73).</exception>
    public static void RequireOther(string folder, string model)
    {
        if (FileIdentity.Of(folder) is { } made && FileIdentity.Of(model) == made)
            throw new ToolException(ExitCode.CannotCreate, $"{folder}: this is the model itself", folder);
    }

    /// <inheritdoc cref="Write(ModelDescription, Func{string, float[]}, string, ModelCard, bool)"/>
    public static void Write(TrainableModel model, string folder, ModelCard card, bool replace = false) =>
        Write(model.Description, model.Read, folder, card, replace);

    /// <summary>Writes a model; the folder appears only when it is complete.</summary>
    /// <param name="model">What it is, without <see cref="Fault"/>.</param>
    /// <param name="weights">A tensor's values by canonical name, row-major [out, in].</param>
    /// <param name="folder">Where to.</param>
    /// <param name="card">What a reader should know of it.</param>
    /// <param name="replace">Whether a checkpoint that is there may be replaced.</param>
    /// <exception cref="ToolException">The folder cannot be created, or a weight is not finite.</exception>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    public static void Write(
        ModelDescription model, Func<string, float[]> weights, string folder, ModelCard card, bool replace = false)
    {
        if (Fault(model) is { } reason)
            throw new ToolException(ExitCode.Usage, reason);
        Require(folder, replace);
        try
        {
            using StagedFolder staged = new(folder);
            staged.Add(CheckpointWeights.Name, stream => CheckpointWeights.Write(stream, model, weights));
            staged.Add(CheckpointConfig.Name, stream => stream.Write(CheckpointConfig.Of(model, card.Dropout)));
            foreach ((string name, byte[] content) in CheckpointTokenizer.Files(model))
                staged.Add(name, stream => stream.Write(content));
            staged.Add(ModelCard.Name, stream => stream.Write(Encoding.UTF8.GetBytes(card.Page(model))));
            staged.Commit();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new ToolException(ExitCode.CannotCreate, $"{folder}: {fault.Message}", folder);
        }
    }
}
