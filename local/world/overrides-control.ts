import type { ControlResource } from '../service.ts';
import { type EntryShape, parseEntries } from './body-check.ts';
import type { OverrideStore } from './override-store.ts';

/** What was changed by request: told, changed entry by entry, and taken back as a whole. Each answers with what is left. */
export function overridesControl<Entry extends object>(
  name: string,
  overrides: OverrideStore<Entry>,
  checks: {
    readonly shape: EntryShape;
    /** What a shape cannot say. @throws ControlError */
    readonly require?: (body: unknown, entries: readonly Entry[]) => void;
  },
): ControlResource {
  return {
    name,
    methods: {
      GET: () => overrides.list(),
      PATCH: (body) => {
        const entries = parseEntries(body, checks.shape) as unknown as readonly Entry[];
        checks.require?.(body, entries);
        overrides.apply(entries);
        return overrides.list();
      },
      DELETE: () => {
        overrides.clear();
        return overrides.list();
      },
    },
  };
}
