namespace GauRuntime.Convert.Reports;

/// <summary>What a report shows beyond what all pages do: figures, a grid of charts, texts that changed.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        .over { margin:0; color:var(--main); font-weight:600; letter-spacing:.08em; text-transform:uppercase;
          font-size:.75rem; }
        .figures { display:grid; grid-template-columns:repeat(auto-fit,minmax(190px,1fr)); gap:.9rem; margin:1.6rem 0; }
        .figure { background:var(--card); border:1px solid var(--rule); border-radius:14px; padding:1rem 1.1rem; }
        .figure b { display:block; font-size:1.75rem; line-height:1.2; letter-spacing:-.02em;
          font-variant-numeric:tabular-nums; }
        .figure span { color:var(--soft); font-size:.83rem; display:block; }
        div.grid { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr)); gap:1rem; }
        .wide { grid-column:1/-1; }
        .tick { fill:var(--soft); font-size:11px; font-variant-numeric:tabular-nums; }
        .name { fill:var(--ink); font-size:11.5px; font-weight:600; }
        line.grid { stroke:var(--rule); stroke-width:1; }
        .axis { stroke:var(--soft); stroke-width:1; }
        .line { fill:none; stroke:var(--main); stroke-width:2.5; stroke-linejoin:round; stroke-linecap:round; }
        .thin { stroke:var(--main); stroke-width:1.6; opacity:.55; } .area { fill:var(--main); opacity:.13; }
        .dot { fill:var(--main); stroke:var(--card); stroke-width:2; }
        .dot2 { fill:var(--second); stroke:var(--card); stroke-width:2; }
        .bar { fill:var(--main); } .bar2 { fill:var(--second); }
        .free { fill:none; stroke:var(--main); stroke-width:1.2; stroke-dasharray:3 2; }
        .kept { fill:var(--main); opacity:.8; } .lost { fill:var(--bad); }
        .target { stroke:var(--bad); stroke-width:1.5; stroke-dasharray:5 4; }
        .chosen { fill:var(--good); stroke:var(--card); stroke-width:2.5; }
        .key { display:inline-block; width:.7em; height:.7em; border-radius:3px; background:var(--main);
          margin:0 .35em 0 .1em; } .key.second { background:var(--second); margin-left:1em; }
        .changed { border-left:3px solid var(--bad); padding:.1rem 0 .1rem .9rem; margin:.9rem 0; }
        .changed p { margin:.15rem 0; } footer { color:var(--soft); font-size:.8rem; margin-top:2rem; }
        @media (max-width:620px) { .tick, .name { font-size:14px; } .wide .chart { overflow-x:auto; }
          .wide svg { min-width:760px; } }
        @media print { .figure { break-inside:avoid; border-radius:6px; } }
        """;
}
