/**
 * The page's looks. Eight colours after Okabe and Ito ("Color Universal Design", 2008), darker on light ground and lighter on
 * dark, each at 3 : 1 or more against it; lines differ by their dashes as well, and layers of a stack by their order.
 */
const COLOURS: readonly (readonly [light: string, dark: string, dashes: string])[] = [
  ['#0a6aa8', '#5cb8f5', ''],
  ['#c44e00', '#ff9a5c', '8 4'],
  ['#00795a', '#45d1a5', '2.5 3'],
  ['#8450ad', '#cba6f2', '10 4 2 4'],
  ['#a87400', '#edc84b', '14 4'],
  ['#1f8599', '#62d0e6', '5 2'],
  ['#5e6b76', '#a9b6c2', '1 3'],
  ['#a02c3c', '#ff8a94', '8 3 2 3 2 3'],
];

/** How many series can be told from each other. */
export const COLOURS_MAX = COLOURS.length;

const colourRules = COLOURS.map(
  ([light, dark, dashes], index) =>
    `.c${index}{--own:light-dark(${light},${dark})}.line.c${index}{stroke-dasharray:${dashes || 'none'}}`,
).join('\n');

export const reportStyle = `:root{color-scheme:light dark;--page:light-dark(#fbfcfd,#11161c);--panel:light-dark(#fff,#1a2129);
--line:light-dark(#d9e0e6,#313d49);--strong:light-dark(#8796a3,#5d6d7c);--text:light-dark(#17202a,#e8edf2);--dim:light-dark(#52606d,#a3b1be);
--good:light-dark(#0a5f96,#63b8f2);--bad:light-dark(#b3380c,#ff9166);--warn:light-dark(#7a5200,#f0bd4e);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text)}
main,header{max-width:1360px;margin:0 auto;padding:0 clamp(16px,3vw,40px)}
header{padding-top:clamp(20px,4vw,48px)}
h1{font-size:clamp(1.5rem,1.1rem + 1.6vw,2.2rem);line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.1rem;line-height:1.3;margin:0 0 .25rem}
.question{font-size:1.05rem;color:var(--dim);max-width:70ch;margin:0 0 1.2rem}
.basis{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0 0 1.4rem;padding:0}
.basis div{display:flex;flex-direction:column-reverse}
.basis dt{color:var(--dim);font-size:.82rem}
.basis dd{margin:0;font-size:1.15rem;font-weight:600}
.findings{list-style:none;margin:0 0 1.6rem;padding:0;display:grid;gap:.5rem;max-width:86ch}
.findings li{display:grid;grid-template-columns:6.2rem 1fr;gap:.8rem;align-items:baseline}
.verdict{font-weight:600;font-size:.85rem;white-space:nowrap}
.holds{color:var(--good)}.fails{color:var(--bad)}.unclear{color:var(--warn)}
.sections{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,540px),1fr));gap:20px;align-items:start}
section,figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:18px 20px;min-width:0}
section.wide{grid-column:1/-1}
.note{color:var(--dim);font-size:.88rem;margin:0 0 .6rem;max-width:80ch}
figure{container-type:inline-size}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font-size:12px;fill:var(--dim)}
svg.small-size,.small-size svg{display:none}
@container (max-width:470px){.small-size svg{display:block}.wide-size svg{display:none}}
.axis{font-size:12px;color:var(--dim);margin:.2rem 0 0}
.grid{stroke:var(--line);stroke-width:1}.base{stroke:var(--strong);stroke-width:1}
.line{fill:none;stroke:var(--own);stroke-width:2.25;stroke-linejoin:round}
.line.c0{stroke-width:3}
.area{fill:var(--own);fill-opacity:.82;stroke:var(--panel);stroke-width:1}
.bound{stroke:var(--text);stroke-width:1;stroke-dasharray:3 3}.bound-label{fill:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.3rem 0 0;padding:0;font-size:.86rem}
.legend li{display:flex;align-items:center;gap:.45rem}
.legend svg{width:30px;height:10px;flex:none}
.legend rect{fill:var(--own)}
.scroll{overflow-x:auto;margin:0 -20px;padding:0 20px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{padding:.42rem .7rem;text-align:right;vertical-align:baseline;border-bottom:1px solid var(--line)}
tr>:first-child{text-align:left;padding-left:0}tr>:last-child{padding-right:0}
thead th{color:var(--dim);font-weight:600;font-size:.84rem;vertical-align:bottom;border-bottom-color:var(--strong)}
tbody th{font-weight:600}
tbody tr:last-child>*{border-bottom:0}
td .interval{display:block;color:var(--dim);font-size:.82rem;white-space:nowrap}
td.words,th.words{text-align:left}
details{margin-top:.7rem;font-size:.88rem}
summary{cursor:pointer;color:var(--dim)}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--good);outline-offset:2px}
.arms{margin:0;display:grid;grid-template-columns:auto 1fr;gap:.3rem 1.2rem}
.arms dt{font-weight:600}.arms dd{margin:0;color:var(--dim)}
@media (max-width:560px){.arms{grid-template-columns:1fr;gap:0}.arms dd{margin-bottom:.6rem}.findings li{grid-template-columns:1fr;gap:0}}
footer{max-width:1360px;margin:0 auto;padding:28px clamp(16px,3vw,40px) 48px;color:var(--dim);font-size:.88rem}
code{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere;color:var(--text)}
@media print{:root{color-scheme:light}section,figure{break-inside:avoid}details{display:none}}
${colourRules}
`;
