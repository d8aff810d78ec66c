import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmCatalogue } from '#core/alarms/alarm-catalogue.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';

const folder = new URL('../../../docs/runbooks/', import.meta.url);
const pages = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));
const sections = pages.flatMap(({ name, text }) =>
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return { anchor: `${name}#${title.toLowerCase().replaceAll(' ', '-')}`, lines };
    }),
);

/** What somebody would type: words in angle brackets stand for their own. */
const commands = [
  ...new Set(
    pages.flatMap(({ text }) => [...text.matchAll(/`npx spillway ([^`]+)`/g)].map(([, line = '']) => line)),
  ),
];

describe('runbooks', () => {
  it('have a section for every alarm, and no section or page that no alarm names', () => {
    const named = new Set(alarmCatalogue(alarmSettings).map(({ runbook }) => runbook));
    const known = new Set([...sections.map(({ anchor }) => anchor), ...pages.map(({ name }) => name)]);
    expect([...named].filter((each) => !known.has(each))).toEqual([]);
    expect(sections.map(({ anchor }) => anchor).filter((anchor) => !named.has(anchor))).toEqual([]);
  });

  it.each(sections)('$anchor asks step by step, with an exit for yes, no and unknown', ({ lines }) => {
    const rows = lines.filter((line) => /^\| \d/.test(line)).map((line) => line.split(' | '));
    expect(rows.length).toBeGreaterThan(0);
    for (const [index, row] of rows.entries()) {
      expect(row).toHaveLength(5);
      expect(row[0]).toBe(`| ${index + 1}`);
      for (const exit of row.slice(2)) {
        const step = /^\d+$/.exec(exit.replace(' |', ''))?.[0];
        if (step !== undefined) expect(Number(step)).toBeLessThanOrEqual(rows.length);
        expect(exit.trim()).not.toBe('|');
      }
    }
    expect(lines.filter((line) => line.startsWith('Undo: '))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Resolved when: '))).toHaveLength(1);
  });

  it('lead to pages and sections that are there', () => {
    for (const { name, text } of pages)
      for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        const [page, anchor] = target.split('#');
        expect(() => readFileSync(new URL(page || name, folder)), `${name}: ${target}`).not.toThrow();
        if (anchor !== undefined && !target.startsWith('../'))
          expect(
            sections.map((each) => each.anchor),
            name,
          ).toContain(`${page || name}#${anchor}`);
      }
  });

  it.each(commands)('npx spillway %s is a command with these options', async (line) => {
    const words = [...line.matchAll(/"[^"]*"|<[^>]+>|\S+/g)].map(([word]) => word.replaceAll(/[<>"]/g, ''));
    const told = await runCommandLine([...words, '--help']);
    expect(told).toMatchObject({ exitCode: 0 });
    const [synopsis = ''] = told.stdout.split('\n');
    const needed = (synopsis.split(/ [[(]| --/)[0]?.match(/<\w+>/g) ?? []).length;
    const given = words.findIndex((word) => word.startsWith('--'));
    const name = /^spillway ([a-z-]+(?: [a-z]+)?)/.exec(synopsis)?.[1] ?? '';
    const positionals = (given < 0 ? words.length : given) - name.split(' ').length;
    expect(positionals, synopsis).toBeGreaterThanOrEqual(needed);
  });
});
