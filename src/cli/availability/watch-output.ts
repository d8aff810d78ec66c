import type { CommandContext } from '../command.ts';
import type { SeenChange } from './compare-answers.ts';
import { drawAvailability } from './draw-availability.ts';
import { placesOf } from './find-gaps.ts';
import { changeLine, type WatchOutput } from './watch-availability.ts';

/** On a terminal the matrix in place; in a pipe the matrix once and a line for each change; with `--json` those alone. */
export function watchOutput(
  context: CommandContext,
): WatchOutput & { ended(moved: readonly SeenChange[]): void; close(): void } {
  const { line, terminal, runtime } = context;
  const asJson = line.flag('json');
  const screen = asJson ? undefined : terminal.openScreen();
  let closed = false;
  const close = (): void => {
    if (!closed) screen?.close();
    closed = true;
  };
  return {
    screen,
    began: (shown) => {
      if (asJson) return;
      const { width, paint } = terminal;
      const places = placesOf(shown.targets);
      const drawing = { models: undefined, places, filtered: true, width, paint, now: runtime.now() };
      terminal.print(...drawAvailability(shown, drawing), '');
    },
    changed: (change) => terminal.print(asJson ? JSON.stringify(change) : changeLine(change)),
    trouble: (sentence) => terminal.complain(sentence),
    ended: (moved) => {
      close();
      if (screen !== undefined)
        terminal.print(...(moved.length === 0 ? ['Nothing moved.'] : moved.map(changeLine)));
    },
    close,
  };
}
