using GauRuntime.Desktop.Server;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>The beginning of a file of records: its columns, its first rows, and what they may mean.</summary>
internal static class InputPreview
{
    private static readonly string[] TextNames =
    [
        "text", "content", "sentence", "sentence1", "question", "query", "title", "文本", "内容", "正文", "原文", "句子",
        "条款", "问题", "标题",
    ];

    private static readonly string[] IdNames = ["id", "ID", "Id", "编号", "序号"];

    /// <summary>Looks at a file.</summary>
    /// <exception cref="GauFormatException">It is not what its name says.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static PreviewAnswer Of(PreviewCall call)
    {
        InputFile input = InputFile.Find(call.Path, JobDescription.FormatOf(call.Format));
        TextEncoding encoding = JobDescription.EncodingOf(call.Encoding);
        PreviewCells cells = RecordFormats.IsTable(input.Format)
            ? TablePreview.Read(input)
            : TextPreview.Read(input, ref encoding);
        return new PreviewAnswer(
            input.Path!, RecordFormats.Extension(input.Format)[1..], encoding.FullName(), input.Length ?? 0,
            cells.Columns, cells.Rows, GuessText(cells), null,
            cells.Columns.FirstOrDefault(column => IdNames.Contains(column)), cells.Note);
    }

    // The column of a usual name, or else that of the longest cells.
    private static string? GuessText(PreviewCells cells) =>
        cells.Columns.FirstOrDefault(column => TextNames.Contains(column))
        ?? cells.Columns.Select((name, i) => (name, length: cells.Rows.Sum(row => row[i].Length)))
            .OrderByDescending(column => column.length).Select(column => column.name).FirstOrDefault();
}
