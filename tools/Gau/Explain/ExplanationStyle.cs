namespace GauRuntime.Cli.Explain;

/// <summary>What only an explanation shows: coloured texts, bars in tables, maps of attention.</summary>
internal static class ExplanationStyle
{
    public const string Sheet = """
        :root { --for:#e05c14; --against:#2f7fd6; }
        @media (prefers-color-scheme: dark) { :root { --against:#4f9df0; } }
        section { margin-top:1rem; }
        h1 small { font-size:1.3rem; font-weight:400; color:var(--soft); font-variant-numeric:tabular-nums; }
        .warning { border-left:4px solid var(--for); background:var(--card); padding:.6rem .9rem; }
        .text { font-size:1.25rem; line-height:2; margin:0 0 .8rem; white-space:pre-wrap; overflow-wrap:anywhere; }
        .t, .gap, .cut { unicode-bidi:isolate; }
        .note .t { color:var(--ink); } .t { padding:.15em .04em; border-radius:.15em; }
        .for { --c:var(--for); } .against { --c:var(--against); }
        .t.for, .t.against { background:color-mix(in srgb, var(--c) calc(var(--w) * 85%), transparent); }
        .cut { color:var(--soft); text-decoration:line-through; font-size:.8em; }
        td bdi, th bdi { white-space:pre-wrap; }
        .bars th { font-weight:400; padding-inline-end:1rem; min-width:5.5em; max-width:16rem; overflow-wrap:anywhere; }
        .number { text-align:end; white-space:nowrap; width:8rem; }
        .bar { width:60%; padding-inline:1rem 0; vertical-align:middle; }
        .bar i { display:block; height:.8rem; min-width:1px; border-radius:.15rem; background:var(--c); }
        .best { --c:var(--good); } .other { --c:var(--soft); }
        .list td:nth-child(4), .list td:nth-child(5) { text-align:end; }
        .shared { position:absolute; width:0; height:0; }
        .maps { display:grid; grid-template-columns:repeat(auto-fill,minmax(6rem,1fr)); gap:.8rem; }
        .maps a { color:var(--soft); text-decoration:none; text-align:center; font-size:.8rem; }
        .maps svg { border:1px solid var(--rule); background:var(--paper); }
        .maps a:hover svg, .maps a:focus svg { border-color:var(--for); }
        image { image-rendering:pixelated; }
        .large { display:none; margin:1.6rem 0 0; }
        .large:target, .larges:not(:has(:target)) .large:last-child { display:block; }
        .large svg { overflow:hidden; max-width:max(var(--side), 35rem); }
        #tokens text { fill:var(--ink); } .frame { fill:none; stroke:var(--rule); }
        figcaption { color:var(--soft); font-size:.9rem; margin-bottom:.3rem; }
        @media print { section:has(> h2 + details:not([open])) { display:none; }
          .large svg { max-width:max(var(--side), 28rem); } body { font-size:11pt; }
          .maps { grid-template-columns:repeat(6,1fr); } .maps a { break-inside:avoid; }
          section:has(.text) { break-inside:auto; } }
        """;
}
