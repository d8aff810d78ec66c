import { describe, expect, it } from 'vitest';
import { tableDefinitions } from '#contract/tables.ts';
import {
  keyReadActions,
  observationReadActions,
  observationWriteActions,
  onlyPartitions,
  operateAtHome,
  operateHere,
  routeReadActions,
  tellActions,
} from '#lib/constructs/table-access.ts';

/** Local mode lets guests do this much; what is granted in AWS must not need more. */
function guestActions(kind: string): readonly string[] {
  return tableDefinitions.find((table) => table.kind === kind)?.guestActions ?? [];
}

describe('table access', () => {
  it('grants other accounts no action that local mode would not let them try', () => {
    expect(guestActions('routes')).toEqual(expect.arrayContaining([...routeReadActions, ...tellActions]));
    const operated = [...operateAtHome(['chat'], 'us-east-1'), ...operateHere('us-east-1')];
    expect(guestActions('routes')).toEqual(
      expect.arrayContaining(operated.flatMap(({ actions }) => actions)),
    );
    expect(guestActions('observations')).toEqual(
      expect.arrayContaining([...observationReadActions, ...observationWriteActions]),
    );
    expect(guestActions('tenants')).toEqual(expect.arrayContaining([...keyReadActions]));
  });

  it('holds for no request without keys, for which ForAllValues alone would hold', () => {
    expect(onlyPartitions('StringEquals', ['a'])).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  });
});
