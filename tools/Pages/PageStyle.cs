namespace GauRuntime.Tools.Pages;

/// <summary>How every page looks: light and dark, on a screen and on paper.</summary>
internal static class PageStyle
{
    public const string Sheet = """
        :root { --paper:#f6f4ef; --card:#fffefb; --ink:#1d2733; --soft:#66707c; --rule:#e2ddd2; --main:#0f766e;
          --second:#c2560c; --bad:#b42318; --good:#15803d; color-scheme:light dark; }
        @media (prefers-color-scheme: dark) { :root { --paper:#12171d; --card:#1a2129; --ink:#e8eaec; --soft:#97a3af;
          --rule:#2c3640; --main:#4fd1c0; --second:#f6a35a; --bad:#ff8b7e; --good:#6ee7a0; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--paper); color:var(--ink); line-height:1.55;
          font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC",
          "Microsoft YaHei",sans-serif; }
        main { max-width:1080px; margin:0 auto; padding:2.5rem 1.25rem 4rem; }
        h1 { font-size:clamp(1.5rem,3.4vw,2.3rem); line-height:1.22; margin:.4rem 0 .6rem; letter-spacing:-.015em;
          text-wrap:balance; }
        h2 { font-size:1.1rem; margin:0 0 .15rem; letter-spacing:-.005em; }
        .note { color:var(--soft); font-size:.9rem; margin:0 0 .8rem; overflow-wrap:anywhere; }
        section { background:var(--card); border:1px solid var(--rule); border-radius:14px; padding:1.1rem 1.2rem;
          min-width:0; }
        svg { width:100%; height:auto; display:block; overflow:visible; }
        details { margin-top:.7rem; } summary { cursor:pointer; color:var(--main); font-size:.85rem; font-weight:600; }
        summary:focus-visible { outline:2px solid var(--main); outline-offset:3px; border-radius:4px; }
        .scroll { overflow-x:auto; margin-top:.5rem; } table { border-collapse:collapse; width:100%; font-size:.83rem; }
        th,td { text-align:start; padding:.32rem 0; padding-inline-end:.7rem; border-bottom:1px solid var(--rule);
          vertical-align:top; font-variant-numeric:tabular-nums; }
        thead th { color:var(--soft); font-weight:600; } tbody th { font-weight:500; }
        @media print { details:not([open]) { display:none; }
          :root { --paper:#fff; --card:#fff; --ink:#000; --soft:#444; --rule:#ccc; --main:#0f766e; --second:#c2560c;
          --bad:#b42318; --good:#15803d; color-scheme:light; }
          main { max-width:none; padding:0; } section { border-radius:6px; } section,tr,figure { break-inside:avoid; }
          section:has(details[open]) { break-inside:auto; }
          * { print-color-adjust:exact; -webkit-print-color-adjust:exact; } }
        """;
}
