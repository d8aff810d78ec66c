import { describe, expect, it } from 'vitest';
import { drawReport } from '#cli/simulate/draw-report.ts';
import { colourPaint, plainPaint } from '#cli/terminal/paint.ts';
import { aReport } from '#test/builders/a-report.ts';

describe('a report in the terminal', () => {
  const lines = drawReport(aReport, { width: 100, paint: plainPaint });

  it('says what was asked, what it rests on and what was found', () => {
    const text = lines.join('\n');
    expect(lines[0]).toBe(aReport.title);
    expect(text).toContain('seeds 20 · virtual time a seed 24 h · requests a seed 1.4 M · regions 21');
    expect(text).toMatch(/^✓ holds +P95 stays within 2 ×/m);
    expect(text).toMatch(/^✗ fails +Against serverless/m);
    expect(lines.at(-1)).toBe(aReport.command);
  });

  it('has each number with its interval below it', () => {
    const at = lines.findIndex((line) => line.startsWith('static '));
    expect(lines[at]).toMatch(/^static +4\.31 s +38\.2 s/);
    expect(lines[at + 1]).toMatch(/^ +4\.14–4\.53 s +36\.7–40\.1 s/);
  });

  it('tells cumulative curves by their quantiles', () => {
    expect(lines.join('\n')).toMatch(/^Latency\n +P50 +P90 +P95 +P99 +P99\.9\n/m);
  });

  it.each([72, 80, 120])('fits into %d columns', (width) => {
    const widest = drawReport(aReport, { width, paint: plainPaint }).map(({ length }) => length);
    expect(Math.max(...widest)).toBeLessThanOrEqual(width);
  });

  it('paints what holds and what fails', () => {
    const painted = drawReport(aReport, { width: 100, paint: colourPaint }).join('\n');
    expect(painted).toContain('\u001b[32m✓ holds\u001b[39m');
    expect(painted).toContain('\u001b[31m✗ fails\u001b[39m');
  });
});
