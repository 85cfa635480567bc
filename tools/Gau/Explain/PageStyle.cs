namespace GauRuntime.Cli.Explain;

/// <summary>How a page looks: light and dark, on a screen and on paper.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { --back: #fdfdfc; --ink: #1d1d1f; --faint: #6b6b70; --line: #dcdcd8; --panel: #f4f4f1;
          --for: #e05c14; --against: #2f7fd6; --best: #3a7d44; }
        @media (prefers-color-scheme: dark) { :root { --back: #161618; --ink: #ececec; --faint: #9a9aa2;
          --line: #37373c; --panel: #1f1f23; --against: #4f9df0; --best: #5fb36c; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--ink);
          font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
        h1 { font-size: 2.2rem; line-height: 1.2; margin: 0; }
        h1 small { font-size: 1.3rem; font-weight: 400; color: var(--faint); font-variant-numeric: tabular-nums; }
        h2 { font-size: 1.1rem; margin: 2.4rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
        .note { color: var(--faint); font-size: .9rem; margin: .3rem 0 .9rem; }
        .warning { border-left: 4px solid var(--for); background: var(--panel); padding: .6rem .9rem; }
        .text { font-size: 1.25rem; line-height: 2; margin: 0 0 .8rem; padding: .8rem 1rem; background: var(--panel);
          border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .t, .gap, .cut { unicode-bidi: isolate; }
        .note .t { color: var(--ink); } .t { padding: .15em .04em; border-radius: .15em; }
        .for { --c: var(--for); } .against { --c: var(--against); }
        .t.for, .t.against { background: color-mix(in srgb, var(--c) calc(var(--w) * 85%), transparent); }
        .cut { color: var(--faint); text-decoration: line-through; font-size: .8em; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .bars { width: 100%; } .bars th { text-align: start; font-weight: 400; padding-inline-end: 1rem;
          min-width: 5.5em;
          max-width: 16rem; overflow-wrap: anywhere; }
        .bars th bdi, .list bdi { white-space: pre-wrap; }
        .bars td { padding: .1rem 0; } .number { text-align: end; white-space: nowrap; width: 8rem; }
        .bar { width: 60%; padding-inline-start: 1rem !important; }
        .bar i { display: block; height: .8rem; min-width: 1px; border-radius: .15rem; background: var(--c); }
        .best { --c: var(--best); } .other { --c: var(--faint); }
        .list { font-size: .85rem; } .list th, .list td { text-align: start; padding: .1rem 1rem .1rem 0; }
        .list td:nth-child(4), .list td:nth-child(5) { text-align: end; }
        summary { cursor: pointer; color: var(--faint); }
        .shared { position: absolute; width: 0; height: 0; }
        .maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); gap: .8rem; }
        .maps a { color: var(--faint); text-decoration: none; text-align: center; font-size: .8rem; }
        .maps svg { display: block; width: 100%; border: 1px solid var(--line); background: var(--panel); }
        .maps a:hover svg, .maps a:focus svg { border-color: var(--for); }
        image { image-rendering: pixelated; }
        .large { display: none; margin: 1.6rem 0 0; }
        .large:target, .larges:not(:has(:target)) .large:last-child { display: block; }
        .large svg { display: block; width: 100%; height: auto; max-width: max(var(--side), 35rem); }
        #tokens text { fill: var(--ink); } .frame { fill: none; stroke: var(--line); }
        figcaption { color: var(--faint); font-size: .9rem; margin-bottom: .3rem; }
        @media print { details:not([open]), section:has(> h2 + details:not([open])) { display: none; }
          .large svg { max-width: max(var(--side), 28rem); }
          :root { --back: #fff; --ink: #000; --panel: #fff; --line: #bbb; --faint: #444; }
          body { font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          main { max-width: none; padding: 0 1px; } .text { border: 1px solid var(--line); }
          .maps { grid-template-columns: repeat(6, 1fr); } section, tr, figure, .maps a { break-inside: avoid; }
          section:has(.text), section:has(details) { break-inside: auto; } }
        """;
}
