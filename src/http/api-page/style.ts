/** How the page looks: light and dark as the reader prefers, in one column on a phone. */
export const style = `
:root { color-scheme: light dark; --text: #1d2330; --soft: #566073; --line: #dce0e8; --page: #fff; --panel: #f5f6f9;
  --accent: #0b5c8a; --get: #0b6b4f; --post: #8a4b00; --put: #5b3fa0; --delete: #a3242f; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8f0; --soft: #a2abbd; --line: #333b4a; --page: #14181f; --panel: #1d232d;
    --accent: #7cc4f0; --get: #6fd3b0; --post: #f0b566; --put: #bda8f5; --delete: #f5949c; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; background: var(--page); padding: .75rem 1rem; }
.skip:focus { left: 0; z-index: 1; }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 78rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2rem 1rem 2rem 1.5rem;
  border-right: 1px solid var(--line); font-size: .9rem; line-height: 1.4; }
nav h2 { font-size: .8rem; margin: 1.25rem 0 .25rem; padding: 0; border: 0; color: var(--soft); font-weight: 600; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: .15rem 0; }
nav a { display: block; padding: .15rem 0; color: var(--text); text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { color: var(--accent); text-decoration: underline; }
main { padding: 2rem clamp(1rem, 4vw, 3rem) 5rem; min-width: 0; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2.1rem; margin: 0 0 .25rem; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 .5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.15rem; margin: 0 0 .5rem; }
h4 { font-size: .95rem; margin: 1.5rem 0 .4rem; }
p { max-width: 44rem; margin: .5rem 0; }
.lead { font-size: 1.15rem; color: var(--soft); }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
article { margin: 2.25rem 0; padding-top: .25rem; }
.route { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .95rem; overflow-wrap: anywhere;
  max-width: none; }
.method { font-weight: 700; } .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
.delete { color: var(--delete); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875em; }
code { background: var(--panel); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
.route code, pre code, th code { background: none; padding: 0; font-size: inherit; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem; margin: .5rem 0;
  overflow-x: auto; font-size: .82rem; line-height: 1.5; tab-size: 2; }
pre code { overflow-wrap: normal; }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.45; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .82rem; }
tbody th { font-weight: 600; white-space: nowrap; }
td { min-width: 9rem; } td.short { min-width: 5rem; }
details { margin: .75rem 0; }
summary { cursor: pointer; font-weight: 600; font-size: .92rem; color: var(--accent); padding: .25rem 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1rem; }
figure { margin: .5rem 0; min-width: 0; }
@media (max-width: 60rem) {
  .frame { display: block; }
  nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem; }
  nav ul { columns: 2; column-gap: 1rem; } nav li { margin: 0; } nav a { padding: .3rem 0; }
  main { padding-top: 1.5rem; } h1 { font-size: 1.75rem; } }
@media print { nav, .skip { display: none; } .frame { display: block; } pre { white-space: pre-wrap; } }
`
