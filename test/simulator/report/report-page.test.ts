import { describe, expect, it } from 'vitest';
import { reportPage } from '#simulator/report/report-page.ts';
import { aReport } from '#test/builders/a-report.ts';

const page = reportPage(aReport);

describe('the page of a report', () => {
  it('is one file that runs nothing and loads nothing', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bon[a-z]+=|src=|href=|url\(|@import|https?:/);
    expect(page.length).toBeLessThan(200_000);
  });

  it('holds what the report says', () => {
    for (const { text } of aReport.findings) expect(page).toContain(text);
    for (const { title } of aReport.sections) expect(page).toContain(`<h2>${title}</h2>`);
    expect(page).toContain('<code>npx spillway simulate burst-10x --seeds 20</code>');
    expect(page).toContain('4.29 s<span class="interval">4.12–4.5 s</span>');
    expect(page.match(/role="img"/g)).toHaveLength(2 * 5);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('is the same for the same report', () => {
    expect(reportPage(structuredClone(aReport))).toBe(page);
  });

  it('shows text of others as text', () => {
    const evil = '<script>alert(1)</script>';
    const told = reportPage({
      ...aReport,
      title: evil,
      question: evil,
      command: evil,
      basis: [{ label: evil, value: evil }],
      arms: [{ name: evil, description: evil }],
      findings: [{ verdict: 'holds', text: evil }],
      assumptions: [{ name: evil, value: evil, basis: evil }],
    });
    expect(told).not.toContain('<script');
  });

  it('leaves out what there is none of', () => {
    const bare = reportPage({ ...aReport, arms: [], findings: [], sections: [], assumptions: [] });
    expect(bare).not.toMatch(/What is compared|What was assumed|class="findings"/);
  });

  it('gives a name one colour in all pictures', () => {
    const colours = [...page.matchAll(/<title>Spillway<\/title><path class="line c(\d)"/g)].map(
      ([, colour]) => colour,
    );
    expect(colours.length).toBeGreaterThan(4);
    expect(new Set(colours).size).toBe(1);
  });
});
