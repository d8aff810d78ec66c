import { drawPicture } from './draw-picture.ts';
import { escapeMarkup } from './escape-markup.ts';
import { formatCell } from './format-value.ts';
import { pictureValues } from './picture-values.ts';
import type { Finding, Picture, Report, ReportTable } from './report.ts';
import { COLOURS_MAX, reportStyle } from './report-style.ts';
import { drawReportTable } from './report-table.ts';

/** Every picture is drawn twice, and the page shows the one in which text keeps its size. */
const WIDE = { width: 640, height: 320 };
const SMALL = { width: 340, height: 270 };
/** From so many columns on a table has the whole width. */
const WIDE_COLUMNS = 5;

const VERDICTS: Readonly<Record<Finding['verdict'], string>> = {
  holds: '✓ holds',
  fails: '✗ fails',
  unclear: '? unclear',
};

/**
 * A report as one page that opens from the disk: no script, nothing loaded, and a policy in it that lets nothing be. Light or
 * dark as the reader's system is, and readable from 320 pixels on.
 */
export function reportPage(report: Report): string {
  const colourOf = colours(report);
  const sections = report.sections.map((section) =>
    section.kind === 'table' ? tableSection(section) : figure(section, colourOf),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(report.title)} · Spillway</title>
<style>
${reportStyle}</style>
</head>
<body>
${pageHead(report)}
<main>
<div class="sections">
${[arms(report), ...sections, assumptions(report)].join('\n')}
</div>
</main>
<footer>Made again, byte for byte, by <code>${escapeMarkup(report.command)}</code></footer>
</body>
</html>
`;
}

/** One colour a name, arms first: a reader learns them once. */
function colours(report: Report): (name: string) => number {
  const names = new Set(report.arms.map(({ name }) => name));
  for (const section of report.sections)
    if (section.kind !== 'table') for (const { name } of section.series) names.add(name);
  const places = new Map([...names].map((name, index) => [name, index % COLOURS_MAX]));
  return (name) => places.get(name) ?? 0;
}

function pageHead({ title, question, basis, findings }: Report): string {
  const facts = basis.map(
    ({ label, value }) =>
      `<div><dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(formatCell(value))}</dd></div>`,
  );
  const told = findings.map(
    ({ verdict, text }) =>
      `<li><span class="verdict ${verdict}">${VERDICTS[verdict]}</span><span>${escapeMarkup(text)}</span></li>`,
  );
  return `<header>
<h1>${escapeMarkup(title)}</h1>
<p class="question">${escapeMarkup(question)}</p>
<dl class="basis">${facts.join('')}</dl>
${told.length === 0 ? '' : `<ul class="findings">${told.join('')}</ul>`}
</header>`;
}

function arms({ arms: compared }: Report): string {
  if (compared.length === 0) return '';
  const told = compared.map(
    ({ name, description }) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(description)}</dd>`,
  );
  return `<section class="wide"><h2>What is compared</h2><dl class="arms">${told.join('')}</dl></section>`;
}

function tableSection({ title, note, columns, rows }: ReportTable): string {
  const width = columns.length >= WIDE_COLUMNS ? ' class="wide"' : '';
  return `<section${width}><h2>${escapeMarkup(title)}</h2>${noteOf(note)}${drawReportTable(title, columns, rows)}</section>`;
}

function figure(picture: Picture, colourOf: (name: string) => number): string {
  const { title, note, series } = picture;
  // A stack is read from the top: its legend stands in the order of the layers.
  const listed = picture.kind === 'stack' ? [...series].reverse() : series;
  const legend = listed.map(({ name }) => `<li>${swatch(picture, colourOf(name))}${escapeMarkup(name)}</li>`);
  const { columns, rows } = pictureValues(picture);
  return `<figure><h2>${escapeMarkup(title)}</h2>${noteOf(note)}<ul class="legend">${legend.join('')}</ul>
<p class="axis">↑ ${escapeMarkup(picture.y.label)}</p>
<div class="wide-size">${drawPicture(picture, WIDE, colourOf)}</div><div class="small-size">${drawPicture(picture, SMALL, colourOf)}</div>
<details><summary>Values</summary>${drawReportTable(`${title}: values`, columns, rows)}</details></figure>`;
}

function swatch({ kind }: Picture, colour: number): string {
  const shape =
    kind === 'stack'
      ? `<rect class="c${colour}" width="30" height="10" rx="2"/>`
      : `<path class="line c${colour}" d="M0 5H30"/>`;
  return `<svg viewBox="0 0 30 10" aria-hidden="true">${shape}</svg>`;
}

function assumptions({ assumptions: assumed }: Report): string {
  if (assumed.length === 0) return '';
  const rows = assumed.map(({ name, value, basis }) => [name, value, basis]);
  const table = drawReportTable('What was assumed', ['Parameter', 'Value', 'From'], rows);
  return `<section class="wide"><h2>What was assumed</h2>${table}</section>`;
}

const noteOf = (note: string | undefined): string =>
  note === undefined ? '' : `<p class="note">${escapeMarkup(note)}</p>`;
