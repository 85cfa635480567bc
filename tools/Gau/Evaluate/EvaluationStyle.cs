using GauRuntime.Tools.Pages;

namespace GauRuntime.Cli.Evaluate;

/// <summary>What only the page of an evaluation shows: a matrix in colours, records to read.</summary>
internal static class EvaluationStyle
{
    public const string Sheet = ChartStyle.Sheet + """
        .matrix { width:auto; } .matrix th, .matrix td { padding:.3rem .5rem; text-align:end; }
        .matrix tbody th { text-align:start; overflow-wrap:anywhere; min-width:6em; }
        .cell { background:color-mix(in srgb, var(--c) calc(var(--w) * 70%), transparent); min-width:2.6em; }
        .right { --c:var(--good); } .wrong { --c:var(--bad); }
        .record { border-left:3px solid var(--bad); padding:.1rem 0 .1rem .9rem; margin:1.1rem 0; break-inside:avoid; }
        .record p { margin:.15rem 0; overflow-wrap:anywhere; } .record .text { white-space:pre-wrap; }
        .record b { font-weight:600; }
        """;
}
