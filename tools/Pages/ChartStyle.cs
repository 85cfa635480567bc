namespace GauRuntime.Tools.Pages;

/// <summary>What pages of figures and drawings show beyond what all pages do.</summary>
internal static class ChartStyle
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
        .dot { fill:var(--main); stroke:var(--card); stroke-width:2; }
        .dot2 { fill:var(--second); stroke:var(--card); stroke-width:2; }
        .bar { fill:var(--main); } .bar2 { fill:var(--second); }
        .target { stroke:var(--bad); stroke-width:1.5; stroke-dasharray:5 4; }
        .key { display:inline-block; width:.7em; height:.7em; border-radius:3px; background:var(--main);
          margin:0 .35em 0 .1em; } .key.second { background:var(--second); margin-left:1em; }
        @media (max-width:620px) { .tick, .name { font-size:14px; } .wide .chart { overflow-x:auto; }
          .wide svg { min-width:760px; } }
        @media print { .figure { break-inside:avoid; border-radius:6px; } }

        """;
}
