namespace GauRuntime.Desktop.Server;

/// <summary>What went wrong.</summary>
/// <param name="Kind">One of <see cref="ApiFaultKind"/>.</param>
/// <param name="Error">One line.</param>
internal sealed record FaultAnswer(string Kind, string Error);

/// <summary>What the window shows when it opens.</summary>
internal sealed record StartAnswer(string Version, ModelAnswer Model, string Home, long CopiedBytes, string? Opened);

/// <summary>The model in use.</summary>
/// <param name="Path">Null: the one inside the program.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Head">What it does: labels, entities, choices, answers, value or none.</param>
/// <param name="Labels">Names of its outputs.</param>
/// <param name="Layers">Of the encoder.</param>
/// <param name="Heads">Of a layer.</param>
/// <param name="MostTokens">Where texts are cut.</param>
/// <param name="Fills">Whether it fills masks.</param>
/// <param name="Explains">Whether it can say what an answer rests on.</param>
internal sealed record ModelAnswer(
    string? Path, string Name, string Head, IReadOnlyList<string> Labels, int Layers, int Heads, int MostTokens,
    bool Fills, bool Explains);

/// <summary>A checkpoint to make a model of.</summary>
/// <param name="Path">A folder, or a file of weights.</param>
/// <param name="Dialect">port, keras or google.</param>
internal sealed record ConversionCall(string Path, string Dialect);

/// <summary>One of these: how much is done, what was found, the result, or why there is none.</summary>
internal sealed record ConversionLine(
    double? Share = null, string? Message = null, ConversionAnswer? Done = null, FaultAnswer? Fault = null);

/// <summary>A model that was made of a checkpoint.</summary>
/// <param name="Path">The model file.</param>
/// <param name="Report">The page beside it that shows what storing cost.</param>
/// <param name="Bytes">Of the model file.</param>
/// <param name="Kind">Of the checkpoint.</param>
/// <param name="Architecture">Of the model.</param>
/// <param name="LeftOut">Tensors that the model has no place for.</param>
/// <param name="Ignored">Tensors that are no weights.</param>
/// <param name="Matrices">What storing each of them cost.</param>
internal sealed record ConversionAnswer(
    string Path, string Report, long Bytes, string Kind, string Architecture, IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Ignored, IReadOnlyList<MatrixAnswer> Matrices);

/// <summary>A stored matrix, and the error of that relative to its size.</summary>
internal sealed record MatrixAnswer(string Name, string Type, long Bytes, double Error);

/// <summary>A model that was made of a checkpoint, in the program's own folder.</summary>
internal sealed record StoredModel(string Path, string Name, long Bytes);

/// <summary>All of them.</summary>
internal sealed record StoredModelsAnswer(IReadOnlyList<StoredModel> Models);

/// <summary>A path that the user chose.</summary>
internal sealed record PathCall(string Path);

/// <summary>A folder, as the program's own dialog shows it.</summary>
internal sealed record FolderAnswer(string Path, string? Parent, IReadOnlyList<FolderEntry> Entries, bool IsCut);

/// <summary>A file or folder in it.</summary>
internal sealed record FolderEntry(string Name, string Path, bool IsFolder, long Bytes, DateTime Changed);

/// <summary>What of a file is looked at.</summary>
internal sealed record PreviewCall(string Path, string Encoding, string? Format);

/// <summary>The beginning of a file of records.</summary>
internal sealed record PreviewAnswer(
    string Path, string Format, string Encoding, long Bytes, IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows, string? Text, string? Pair, string? Id, string? Note);

/// <summary>A job to begin.</summary>
/// <param name="Path">The file of records.</param>
/// <param name="Task">score, fill or embed.</param>
/// <param name="Text">Its field of the text; null: the task's usual one.</param>
/// <param name="Pair">Its field of the second text, or null.</param>
/// <param name="Id">Its field of the id, or null.</param>
/// <param name="Encoding">auto, utf-8, gb18030 or utf-16.</param>
/// <param name="Format">jsonl, csv, tsv, txt, parquet or arrow; null: by the extension.</param>
internal sealed record JobCall(
    string Path, string Task, string? Text, string? Pair, string? Id, string Encoding, string? Format);

/// <summary>A job that is meant.</summary>
internal sealed record JobIdCall(string Id);

/// <summary>A job to save the results of.</summary>
internal sealed record SaveCall(string Id, string Path, string Format, bool Replace);

/// <summary>How a job stands.</summary>
internal sealed record JobAnswer(
    string Id, string Name, string Path, string Task, string? Model, string State, string? Error, long Records,
    long Rejected, long Truncated, long Tokens, double? Share, double? SecondsLeft, double RecordsPerSecond,
    bool HasTable, bool HasVectors, IReadOnlyList<string> Notes);

/// <summary>All jobs, and what copies of dropped files take.</summary>
/// <param name="Jobs">The oldest first.</param>
/// <param name="CopiedBytes">What copies of dropped files take.</param>
/// <param name="Model">The file of the model in use, which another window may have taken; null: the one inside.</param>
internal sealed record JobsAnswer(IReadOnlyList<JobAnswer> Jobs, long CopiedBytes, string? Model);

/// <summary>Which rows of a table are wanted, and in which order.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Labels">Those of these labels; null: all.</param>
/// <param name="From">Those of at least this score; null: all.</param>
/// <param name="To">Those of at most this score; null: all.</param>
/// <param name="Text">Those whose text has it, whatever the case of its letters; null: all.</param>
/// <param name="Rejected">Those that were rejected, or those that were not; null: all.</param>
/// <param name="Sort">number, label, score or tokens.</param>
/// <param name="Descending">The last first.</param>
/// <param name="First">Place of the first row that is wanted.</param>
/// <param name="Count">How many.</param>
internal sealed record TableCall(
    string Id, IReadOnlyList<string>? Labels, float? From, float? To, string? Text, bool? Rejected, string Sort,
    bool Descending, int First, int Count);

/// <summary>What a table shows beside its rows.</summary>
internal sealed record TableSummary(
    int Rows, int Shown, IReadOnlyList<LabelCount> Labels, IReadOnlyList<int> Scores, float LeastScore,
    float GreatestScore, int WithoutScore, int Rejected);

/// <summary>How many rows have a label.</summary>
internal sealed record LabelCount(string Label, int Rows);

/// <summary>A text that is being typed.</summary>
internal sealed record TypingCall(string Text, string? Pair);

/// <summary>What the model says of it.</summary>
internal sealed record TypingAnswer(
    IReadOnlyList<TypedToken> Tokens, int TotalTokens, bool Truncated, IReadOnlyList<TypedScore> Scores,
    IReadOnlyList<TypedEntity> Entities, IReadOnlyList<TypedMask> Masks, TypedSpan? Answer, double Milliseconds);

/// <summary>A token; <c>Part</c> is 0 in the text, 1 in the pair, −1 where it was added.</summary>
internal sealed record TypedToken(string Token, int Part, int Start, int End);

internal sealed record TypedScore(string Label, float Score);

internal sealed record TypedEntity(string Label, float Score, bool InPair, int Start, int End);

internal sealed record TypedMask(bool InPair, int Start, IReadOnlyList<TypedScore> Tokens);

internal sealed record TypedSpan(bool Found, int Start, int End, float Score);

/// <summary>What an answer rests on: how its score changes without each token.</summary>
internal sealed record ExplanationAnswer(string? Label, float Score, IReadOnlyList<TypedChange> Changes);

internal sealed record TypedChange(int Part, int Start, int End, float Change);

/// <summary>A layer of a text's attention.</summary>
internal sealed record AttentionCall(string Text, string? Pair, int Layer, int Head);

/// <summary>How much each token takes of each, as bytes [tokens, tokens]: 255 is the greatest weight.</summary>
internal sealed record AttentionAnswer(IReadOnlyList<string> Tokens, byte[] Weights, float Greatest);

/// <summary>A search by meaning.</summary>
internal sealed record SearchCall(string Id, string Query, int Top);

/// <summary>A copy of a file that was dropped.</summary>
internal sealed record UploadAnswer(string Path, long Bytes);
