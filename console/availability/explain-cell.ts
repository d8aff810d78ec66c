/** Everything that is known of a model in a place: whether it can be called, why not, since when, and who can change that. */
import {
  type AvailabilityTarget,
  type CellKind,
  isUsable,
  kindOfCell,
  kindOfTarget,
  type Repairer,
  tellingTarget,
} from '#contract/availability-cells.ts';
import { nameOf } from './board.ts';
import { reasonText, stateText } from './words.ts';

export interface AskedCell {
  /** A model id or an endpoint. */
  readonly name: string;
  readonly region: string;
  /** Undefined for all that serve the region. */
  readonly account: string | undefined;
}

export interface CellExplanation extends AskedCell {
  readonly kind: CellKind;
  /** Accounts of which the same is true, those with something to repair first. */
  readonly accounts: readonly AccountExplanation[];
  /** Regions in which some account can call it now. */
  readonly elsewhere: readonly string[];
}

export interface AccountExplanation {
  readonly accounts: readonly string[];
  readonly kind: CellKind;
  /** In words. */
  readonly state: string;
  /** What AWS said, in words and by its code. */
  readonly reasons: readonly { readonly code: string; readonly text: string | undefined }[];
  /** ISO 8601. Undefined for what was never seen there. */
  readonly since: string | undefined;
  readonly who: Repairer;
  readonly hint: string;
  readonly stale: boolean;
  /** By what it can be called, each with where it may run. Empty where it cannot. */
  readonly ways: readonly { readonly id: string; readonly reach: readonly string[] }[];
}

const absent = {
  kind: 'not-offered',
  state: stateText('not-offered'),
  reasons: [],
  since: undefined,
  who: 'nobody',
  hint: 'No list of AWS names it in this region.',
  stale: false,
  ways: [],
} as const;

/** @param places every account and region of which something is known */
export function explainCell(
  targets: readonly AvailabilityTarget[],
  places: readonly Pick<AvailabilityTarget, 'account' | 'region'>[],
  asked: AskedCell,
): CellExplanation {
  const named = targets.filter((target) => nameOf(target) === asked.name);
  const isHere = ({ account, region }: Pick<AvailabilityTarget, 'account' | 'region'>): boolean =>
    region === asked.region && (asked.account === undefined || account === asked.account);
  const here = named.filter(isHere);
  const byAccount = Map.groupBy(here, ({ account }) => account);
  const accounts = [
    ...new Set([...byAccount.keys(), ...places.filter(isHere).map(({ account }) => account)]),
  ];
  const told = accounts
    .sort()
    .map((account) => ({ ...explainAccount(byAccount.get(account) ?? []), account }));
  const usable = named.filter((target) => isUsable(kindOfTarget(target)) && target.region !== asked.region);
  return {
    ...asked,
    kind: kindOfCell(here),
    accounts: merged(told),
    elsewhere: [...new Set(usable.map(({ region }) => region))].sort(),
  };
}

type OneAccount = Omit<AccountExplanation, 'accounts'>;

function explainAccount(targets: readonly AvailabilityTarget[]): OneAccount {
  const kind = kindOfCell(targets);
  const best = targets.filter((target) => kindOfTarget(target) === kind);
  const teller = isUsable(kind) ? best[0] : tellingTarget(targets);
  if (teller === undefined) return absent;
  return {
    kind,
    state: stateText(teller.state),
    reasons: teller.reasons
      .filter((code) => code !== teller.state)
      .map((code) => ({ code, text: reasonText(code) })),
    since: teller.since,
    who: teller.hint.who,
    hint: teller.hint.text,
    stale: teller.stale,
    ways: targets
      .filter((target) => isUsable(kindOfTarget(target)))
      .map((target) => ({ id: target.profileId ?? nameOf(target), reach: target.reach })),
  };
}

/** Accounts that differ in nothing but their number are told of together. */
function merged(told: readonly (OneAccount & { readonly account: string })[]): readonly AccountExplanation[] {
  const alike = Map.groupBy(told, ({ account: _account, ...rest }) => JSON.stringify(rest));
  const groups = [...alike.values()].flatMap((same): AccountExplanation[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { account: _account, ...rest } = first;
    return [{ ...rest, accounts: same.map(({ account }) => account) }];
  });
  return groups.sort((left, right) => urgency(left) - urgency(right));
}

const urgency = ({ kind }: OneAccount): number =>
  kind === 'blocked' || kind === 'cold' || kind === 'unknown' ? 0 : isUsable(kind) ? 1 : 2;
