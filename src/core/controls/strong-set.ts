/**
 * core/controls: which regions may keep operators' words strongly consistent together.
 *
 * Invariant: a set that has no fault here is one that DynamoDB makes. The folder owns no state.
 */

/** Regions over which a table with multi-Region strong consistency may stand: three of one line. */
export interface StrongSet {
  /** With a copy each. */
  readonly regions: readonly string[];
  /**
   * Confirms writes and answers nobody.
   *
   * @default - none: `regions` are three
   */
  readonly witness?: string | undefined;
}

/** By AWS's own names. Source: AWS::DynamoDB::GlobalTable GlobalTableWitness, CloudFormation reference, read 2026-11-22. */
const REGION_SETS: Readonly<Record<string, readonly string[]>> = {
  US: ['us-east-1', 'us-east-2', 'us-west-2'],
  EU: ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  AP: ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
};

const MEMBERS = 3;

export interface StrongSetFault {
  /** `regions[1]`, `witness`, or empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** All that keeps DynamoDB from making such a set. */
export function strongSetFaults(set: StrongSet): readonly StrongSetFault[] {
  const members = membersOf(set);
  const unknown = members.filter(({ region }) => setOf(region) === undefined);
  const [first] = members.map(({ region }) => setOf(region)).filter((name) => name !== undefined);
  const foreign = members.filter(({ region }) => {
    const name = setOf(region);
    return name !== undefined && name !== first;
  });
  const repeated = members.filter(
    ({ region }, index) => members.findIndex((each) => each.region === region) < index,
  );
  return [
    ...(members.length === MEMBERS ? [] : [{ path: '', message: countMessage(set) }]),
    ...unknown.map(({ path, region }) => ({
      path,
      message: `${region} is in none of the sets that DynamoDB keeps strongly consistent: ${setsText()}`,
    })),
    ...foreign.map(({ path, region }) => ({
      path,
      message: `${region} is of the set ${setOf(region)} and others are of ${first}: a table cannot span two of ${setsText()}`,
    })),
    ...repeated.map(({ path, region }) => ({ path, message: `${region} is named twice` })),
  ];
}

function membersOf({ regions, witness }: StrongSet) {
  const copies = regions.map((region, index) => ({ path: `regions[${index}]`, region }));
  return witness === undefined ? copies : [...copies, { path: 'witness', region: witness }];
}

function countMessage({ regions, witness }: StrongSet): string {
  const got = `${regions.length} ${regions.length === 1 ? 'region' : 'regions'}${witness === undefined ? '' : ' and a witness'}`;
  return `names ${got}; it must be three regions, or two and a witness`;
}

const setOf = (region: string): string | undefined =>
  Object.keys(REGION_SETS).find((name) => REGION_SETS[name]?.includes(region));

const setsText = (): string =>
  Object.entries(REGION_SETS)
    .map(([name, regions]) => `${name} (${regions.join(', ')})`)
    .join('; ');
