namespace GauRuntime.Convert.Reports;

internal static class HtmlReport
{
    public static string Of(ReportData data) => data.Verdict;
}
