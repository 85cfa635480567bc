using System.Globalization;
using System.Text;

namespace GauRuntime.Cli.Tests;

/// <summary>Records for runs of the default model; every fiftieth is bad.</summary>
internal static class SampleRecords
{
    private const string Characters = "第一条为了规范网络数据处理活动保障安全促进依法合理有效利用制定本例。，国务院部门负责人民法施行";

    /// <summary>So many lines of JSON, the same every time.</summary>
    public static string JsonLines(int count)
    {
        Random random = new(11);
        StringBuilder lines = new();
        for (int i = 0; i < count; i++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(5, 60)).Select(_ => Characters[random.Next(Characters.Length)]));
            lines.Append(i % 50 == 7
                ? "{\"text\":null}\n"
                : string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"r{i}\",\"text\":\"{text}\"}}\n"));
        }
        return lines.ToString();
    }
}
