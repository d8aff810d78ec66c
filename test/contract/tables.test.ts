import { describe, expect, it } from 'vitest';
import { tableDefinitions } from '#contract/tables.ts';

describe('the tables', () => {
  it('let guests do nothing that removes or reshapes', () => {
    const actions = tableDefinitions.flatMap((definition) => definition.guestActions);
    expect(actions.filter((action) => /Delete|\*|Update(?!Item)|Create/.test(action))).toEqual([]);
  });
});
