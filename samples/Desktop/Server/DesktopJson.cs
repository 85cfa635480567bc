using System.Text.Json.Serialization;
using GauRuntime.Desktop.Jobs;

namespace GauRuntime.Desktop.Server;

/// <summary>What goes between page and program, and what a job folder holds, as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(FaultAnswer))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(ConversionCall))]
[JsonSerializable(typeof(ConversionLine))]
[JsonSerializable(typeof(StoredModelsAnswer))]
[JsonSerializable(typeof(PathCall))]
[JsonSerializable(typeof(FolderAnswer))]
[JsonSerializable(typeof(PreviewCall))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(JobCall))]
[JsonSerializable(typeof(JobIdCall))]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobsAnswer))]
[JsonSerializable(typeof(SaveCall))]
[JsonSerializable(typeof(TableCall))]
[JsonSerializable(typeof(TableSummary))]
[JsonSerializable(typeof(TypingCall))]
[JsonSerializable(typeof(TypingAnswer))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(AttentionCall))]
[JsonSerializable(typeof(AttentionAnswer))]
[JsonSerializable(typeof(SearchCall))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(JobDescription))]
internal sealed partial class DesktopJson : JsonSerializerContext;
