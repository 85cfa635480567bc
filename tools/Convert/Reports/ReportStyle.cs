namespace GauRuntime.Convert.Reports;

/// <summary>The style sheet of a page: light, dark and printed.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { --paper:#f6f4ef; --card:#fffefb; --ink:#1d2733; --soft:#66707c; --rule:#e2ddd2; --main:#0f766e;
          --mild:#0f766e22; --second:#c2560c; --bad:#b42318; --good:#15803d; color-scheme:light dark; }
        @media (prefers-color-scheme: dark) { :root { --paper:#12171d; --card:#1a2129; --ink:#e8eaec; --soft:#97a3af;
          --rule:#2c3640; --main:#4fd1c0; --mild:#4fd1c022; --second:#f6a35a; --bad:#ff8b7e; --good:#6ee7a0; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--paper); color:var(--ink); line-height:1.55;
          font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC",
          sans-serif; }
        main { max-width:1080px; margin:0 auto; padding:2.5rem 1.25rem 4rem; }
        .over { margin:0; color:var(--main); font-weight:600; letter-spacing:.08em; text-transform:uppercase;
          font-size:.75rem; }
        h1 { font-size:clamp(1.5rem,3.4vw,2.3rem); line-height:1.22; margin:.4rem 0 .6rem; letter-spacing:-.015em;
          text-wrap:balance; }
        h2 { font-size:1.1rem; margin:0 0 .15rem; letter-spacing:-.005em; }
        .about, .note { color:var(--soft); font-size:.9rem; margin:0 0 .8rem; overflow-wrap:anywhere; }
        .figures { display:grid; grid-template-columns:repeat(auto-fit,minmax(190px,1fr)); gap:.9rem; margin:1.6rem 0; }
        .figure, section { background:var(--card); border:1px solid var(--rule); border-radius:14px; }
        .figure { padding:1rem 1.1rem; }
        .figure b { display:block; font-size:1.75rem; line-height:1.2; letter-spacing:-.02em;
          font-variant-numeric:tabular-nums; }
        .figure span { color:var(--soft); font-size:.83rem; display:block; }
        .grid { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr)); gap:1rem; }
        section { padding:1.1rem 1.2rem; min-width:0; }
        section.wide { grid-column:1/-1; }
        svg { width:100%; height:auto; display:block; overflow:visible; }
        .tick { fill:var(--soft); font-size:11px; font-variant-numeric:tabular-nums; }
        .name { fill:var(--ink); font-size:11.5px; font-weight:600; }
        line.grid { stroke:var(--rule); stroke-width:1; }
        .axis { stroke:var(--soft); stroke-width:1; }
        .line { fill:none; stroke:var(--main); stroke-width:2.5; stroke-linejoin:round; stroke-linecap:round; }
        .thin { stroke:var(--main); stroke-width:1.6; opacity:.55; } .area { fill:var(--mild); }
        .dot { fill:var(--main); stroke:var(--card); stroke-width:2; }
        .dot2 { fill:var(--second); stroke:var(--card); stroke-width:2; }
        .bar { fill:var(--main); } .bar2 { fill:var(--second); }
        .free { fill:none; stroke:var(--main); stroke-width:1.2; stroke-dasharray:3 2; }
        .kept { fill:var(--main); opacity:.8; } .lost { fill:var(--bad); }
        .target { stroke:var(--bad); stroke-width:1.5; stroke-dasharray:5 4; }
        .chosen { fill:var(--good); stroke:var(--card); stroke-width:2.5; }
        details { margin-top:.7rem; } summary { cursor:pointer; color:var(--main); font-size:.85rem; font-weight:600; }
        summary:focus-visible { outline:2px solid var(--main); outline-offset:3px; border-radius:4px; }
        .scroll { overflow-x:auto; margin-top:.5rem; } table { border-collapse:collapse; width:100%; font-size:.83rem; }
        th,td { text-align:left; padding:.32rem .7rem .32rem 0; border-bottom:1px solid var(--rule); vertical-align:top;
          font-variant-numeric:tabular-nums; } thead th { color:var(--soft); font-weight:600; }
        tbody th { font-weight:500; } .key { display:inline-block; width:.7em; height:.7em; border-radius:3px;
          background:var(--main); margin:0 .35em 0 .1em; } .key.second { background:var(--second); margin-left:1em; }
        .changed { border-left:3px solid var(--bad); padding:.1rem 0 .1rem .9rem; margin:.9rem 0; }
        .changed p { margin:.15rem 0; } footer { color:var(--soft); font-size:.8rem; margin-top:2rem; }
        @media (max-width:620px) { .tick, .name { font-size:14px; } .wide .chart { overflow-x:auto; }
          .wide svg { min-width:760px; } }
        @media print { details:not([open]) { display:none; }
          :root { --paper:#fff; --card:#fff; --ink:#000; --soft:#444; --rule:#ccc; --main:#0f766e;
          --mild:#0f766e22; --second:#c2560c; --bad:#b42318; --good:#15803d; color-scheme:light; }
          main { max-width:none; padding:0; } section, .figure { break-inside:avoid; border-radius:6px; }
          * { print-color-adjust:exact; -webkit-print-color-adjust:exact; } }
        """;
}
