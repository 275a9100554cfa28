/** Both palettes have contrasts of 4.5 to 1 and more on both of their backgrounds (WCAG 2.2, 1.4.3). */
export const style = `
:root{color-scheme:light dark;--page:#fff;--box:#f5f6f8;--text:#1c2128;--dim:#525b66;--line:#c9ced6;--link:#0b57c2;--error:#b3121d;--warning:#7a4b00;--info:#0b5c87;--unknown:#7a2b8f;--pass:#146c2e}
@media (prefers-color-scheme:dark){:root{--page:#14171c;--box:#1e232a;--text:#e6e9ee;--dim:#a8b1bd;--line:#3c4450;--link:#8ab8ff;--error:#ff8a85;--warning:#f2b84b;--info:#76c7f2;--unknown:#dda3ee;--pass:#74d48c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.25rem;margin:2.25rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font:.875rem/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:.5rem 0;padding:.6rem .75rem;background:var(--box);border:1px solid var(--line);border-radius:4px}
.evidence{white-space:pre-wrap}
.command{overflow-x:auto;white-space:pre;overflow-wrap:normal;user-select:all}
.dim,dt,h3 code{color:var(--dim);font-weight:normal}
.result{font-size:1.125rem;font-weight:600}
.sign{display:inline-block;text-indent:0;min-width:1.1em;font-weight:700}
.error .sign,.error .sign+strong{color:var(--error)}
.warning .sign,.warning .sign+strong{color:var(--warning)}
.info .sign,.info .sign+strong{color:var(--info)}
.unknown .sign{color:var(--unknown)}
.pass .sign{color:var(--pass)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1.25rem;margin:1rem 0}
dd{margin:0}
article{margin:.75rem 0 1.25rem;padding-left:.9rem;border-left:4px solid var(--line)}
article.error{border-color:var(--error)}
article.warning{border-color:var(--warning)}
article.info{border-color:var(--info)}
ol,ul{margin:.4rem 0;padding-left:1.5rem}
ul.plain{list-style:none;padding-left:0}
ul.plain li{padding-left:1.5em;text-indent:-1.5em}
li{margin:.3rem 0}
summary{cursor:pointer;padding:.25rem 0;color:var(--link)}
footer{margin-top:2.5rem;padding-top:.75rem;border-top:1px solid var(--line)}
@media (max-width:30rem){dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.4rem}article{padding-left:.6rem}ol,ul{padding-left:1.2rem}}
@media print{:root{color-scheme:light;--page:#fff;--box:#fff;--text:#000;--dim:#444;--line:#999;--link:#000;--error:#8f0d16;--warning:#6a4100;--info:#094a6d;--unknown:#62227a;--pass:#0f5524}
body{max-width:none;padding:0;font-size:10pt}a{text-decoration:none}.command{white-space:pre-wrap;overflow-wrap:anywhere}
h2,h3,summary,article>p:first-child,p:has(+pre,+ol,+p.dim){break-after:avoid}li,pre,dl{break-inside:avoid}p,li{orphans:3;widows:3}summary{list-style:none}summary::-webkit-details-marker{display:none}details::details-content{content-visibility:visible;display:block;height:auto}}
`
