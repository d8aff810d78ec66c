import type { LaneQueue, SlotWait } from './lane-queue.ts';
import { type LineParts, TargetLine } from './target-line.ts';

/** More targets than any gateway calls at a time; what an idle line knows of its target is soon learned again. */
const LINES_MAX = 1024;

/** The lines of a process that serves many requests at a time: one before each target that was full. */
export function createLaneQueue(parts: LineParts): LaneQueue {
  const lines = new Map<string, TargetLine>();
  const lineOf = (target: string): TargetLine => {
    let line = lines.get(target);
    if (line === undefined) {
      if (lines.size >= LINES_MAX) forgetIdle(lines);
      line = new TargetLine(parts);
      lines.set(target, line);
    }
    return line;
  };
  return {
    wait: (target, call) => lineOf(target).wait(call),
    slotFreed: (target) => lines.get(target)?.giveTurns(),
    waitingAt: (target) => lines.get(target)?.waiting ?? 0,
    standing: () => standingIn(lines),
  };
}

function* standingIn(lines: ReadonlyMap<string, TargetLine>): Generator<readonly [string, SlotWait]> {
  for (const [target, line] of lines) for (const call of line.standing()) yield [target, call];
}

function forgetIdle(lines: Map<string, TargetLine>): void {
  for (const [target, line] of lines) if (line.waiting === 0) lines.delete(target);
}
