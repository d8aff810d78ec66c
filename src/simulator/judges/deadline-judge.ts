import type { SpillwayConfig } from '#contract/config.ts';
import type { Judge } from './judge.ts';

/** What a timer may be late, and what the last piece of an answer may take. */
const SLACK_MS = 50;

/** No request outlives the time that its caller gives it, or its model has; who is gone keeps no target at work. */
export function deadlineJudge(config: SpillwayConfig): Judge {
  return {
    name: 'deadline',
    phase: 'safety',
    ended: ({ request, endedAtMs }, report) => {
      const totalMs = config.models[request.model]?.deadlines.totalMs ?? 0;
      const allowedMs = Math.min(totalMs, request.deadlineMs ?? totalMs, request.leavesAfterMs ?? totalMs);
      const tookMs = endedAtMs - request.atMs;
      if (tookMs > allowedMs + SLACK_MS)
        report(`request ${request.id} took ${Math.round(tookMs)} ms and had ${allowedMs}`);
    },
  };
}
