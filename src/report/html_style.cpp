#include "report/html_parts.h"

namespace gpioclx::report {

// Colours come in pairs, for light and dark; both keep 4.5:1 against their ground.
const std::string_view html_style = R"css(
:root { color-scheme: light dark;
  --ground: #fcfcfb; --card: #f3f3f0; --line: #d5d5cf; --ink: #1c1c1a; --quiet: #5c5c56;
  --alarm: #b3261e; --alarm-ground: #fdecea; --link: #0b57a4; --wire: #1f6f43; --edge: #b3261e;
  --low: #e4ecf7; --mid: #f6ead0; --high: #f7dcd6; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #161615; --card: #20201e; --line: #3c3c38; --ink: #ecece8; --quiet: #a8a8a0;
  --alarm: #ff8a80; --alarm-ground: #3a1b19; --link: #8ab8f0; --wire: #7ad3a0; --edge: #ff8a80;
  --low: #1f2c3f; --mid: #3d3118; --high: #46231d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .25rem 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
code, pre, .mono { font: .875em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
p { margin: .4rem 0; max-width: 90ch; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { position: static; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: .75rem 0; }
.quiet { color: var(--quiet); }
.id { color: var(--alarm); }
.finding { border-left: 4px solid var(--alarm); background: var(--card); padding: .75rem 1rem; margin: .75rem 0;
  overflow-wrap: anywhere; }
.clean { border-left: 4px solid var(--wire); background: var(--card); padding: .75rem 1rem; }
.command { background: var(--card); border: 1px solid var(--line); padding: .6rem .8rem; overflow-x: auto;
  user-select: all; margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.source { background: var(--ground); border: 1px solid var(--line); padding: .4rem 0; overflow-x: auto;
  margin: .3rem 0 .8rem; }
.source span { display: block; padding: 0 .8rem; white-space: pre; min-width: max-content; }
.source .here { background: var(--alarm-ground); font-weight: 600; }
.source i { display: inline-block; width: 4.5ch; color: var(--quiet); font-style: normal; user-select: none; }
.scroll { overflow: auto; max-height: 75vh; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th { text-align: left; position: sticky; top: 0; background: var(--card); z-index: 1; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--quiet); }
td { overflow-wrap: anywhere; min-width: 9rem; } td.time { min-width: 0; }
td.l0 { background: none; } td.low { background: var(--low); } td.mid { background: var(--mid); }
td.high { background: var(--high); }
tr.finding-row td { background: var(--alarm-ground); color: var(--alarm); font-weight: 600; border-left: 0; }
tr.gap td { color: var(--quiet); text-align: center; font-style: italic; }
.irql { display: inline-block; font-size: .75rem; color: var(--quiet); min-width: 4.6rem; }
.actor { display: block; font-size: .75rem; color: var(--quiet); font-weight: 600; }
.lock { display: inline-block; font-size: .75rem; border: 1px solid currentColor; border-radius: 3px; padding: 0 .3rem;
  margin: 0 .2rem .1rem 0; }
.switches { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; }
#locks:not(:checked) ~ .scroll .k-lock, #accesses:not(:checked) ~ .scroll .k-access,
#schedule:not(:checked) ~ .scroll .k-schedule { display: none; }
.wire { display: grid; grid-template-columns: 12rem 1fr; gap: .75rem; align-items: center; }
.wire .mono { text-align: right; overflow-wrap: anywhere; }
.wire svg { width: 100%; height: 34px; display: block; }
.wire path { fill: none; stroke: var(--wire); stroke-width: 2; vector-effect: non-scaling-stroke; }
.wire line { stroke: var(--edge); stroke-width: 1.5; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
.axis { display: flex; justify-content: space-between; margin-left: 12.75rem; font-size: .75rem; color: var(--quiet); }
@media (max-width: 40rem) { .wire { grid-template-columns: 6rem 1fr; } .axis { margin-left: 6.75rem; }
  body { padding: .75rem; } }
@media print { .scroll { max-height: none; overflow: visible; } }
)css";

}  // namespace gpioclx::report
