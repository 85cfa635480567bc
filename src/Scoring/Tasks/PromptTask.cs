using System.Globalization;
using GauRuntime.Answers;

namespace GauRuntime.Scoring.Tasks;

/// <summary>Labels out of the masked LM, by words for the masks of a template; rows as of a classifier.</summary>
internal sealed class PromptTask(PromptHead head, LabelDecision decision) : SequenceTask(head, decision)
{
    private PromptHead Prompt => (PromptHead)Head;

    internal override string Name => base.Name + ", words for masks";

    internal override IReadOnlyList<KeyValuePair<string, string>> DependsOn =>
    [
        new("template", Prompt.Template),
        new("label words", string.Create(CultureInfo.InvariantCulture, $"digest {Prompt.Digest:x32}")),
    ];
}
