using GauRuntime.Tools.Pages;

namespace GauRuntime.Convert.Reports;

/// <summary>What a report shows beyond what pages of drawings do: lines beside others, texts that changed.</summary>
internal static class ReportStyle
{
    public const string Sheet = ChartStyle.Sheet + """
        .thin { stroke:var(--main); stroke-width:1.6; opacity:.55; } .area { fill:var(--main); opacity:.13; }
        .free { fill:none; stroke:var(--main); stroke-width:1.2; stroke-dasharray:3 2; }
        .kept { fill:var(--main); opacity:.8; } .lost { fill:var(--bad); }
        .chosen { fill:var(--good); stroke:var(--card); stroke-width:2.5; }
        .changed { border-left:3px solid var(--bad); padding:.1rem 0 .1rem .9rem; margin:.9rem 0; }
        .changed p { margin:.15rem 0; } footer { color:var(--soft); font-size:.8rem; margin-top:2rem; }
        """;
}
