/** The style sheet of the page: light and dark, one column on a phone, contrast of WCAG AA. */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1a1a1a;--dim:#555;--line:#d8d8d8;--ok:#176f2c;--warning:#8a5a00;--critical:#b3261e;--unknown:#5b3a9e;--drained:#1f5c8f}
@media(prefers-color-scheme:dark){:root{--bg:#131313;--fg:#ececec;--dim:#a9a9a9;--line:#3a3a3a;--ok:#6fd086;--warning:#f0b440;--critical:#ff8f85;--unknown:#c0a8ff;--drained:#86c1f2}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);color:var(--fg);font:1rem/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.3rem 0;border-left:.5rem solid;padding-left:.6rem}
h2{font-size:1.05rem;margin:0}
p,dl,ol{margin:.25rem 0}
ul,ol{list-style:none;padding:0}
ul>li{border-top:1px solid var(--line);border-left:.5rem solid;padding:.5rem .6rem;color:var(--c)}
ul>li>*{color:var(--fg)}
h1,h2 b{color:var(--c)}
.ok{--c:var(--ok)}.warning{--c:var(--warning)}.critical{--c:var(--critical)}.unknown{--c:var(--unknown)}.drained{--c:var(--drained)}
p.dim,ol,dl{color:var(--dim);font-size:.9rem}
ol li{display:inline-block;margin-right:.5rem;border-bottom:3px solid var(--c)}
dt{float:left;clear:left;margin-right:.5rem}
dd{margin:0}
a{color:inherit}
a:focus-visible{outline:3px solid var(--c,currentColor);outline-offset:2px}
`;
