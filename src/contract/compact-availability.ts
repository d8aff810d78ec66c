/** Availability in few bytes: thirty accounts in twenty-one regions say the same few things of the same few models. */
import type { Availability, CompactAvailability } from './http.ts';

type Target = Availability['targets'][number];
type Dictionaries = Pick<CompactAvailability, 'names' | 'conditions' | 'reaches' | 'times'>;
type CompactPlace = CompactAvailability['places'][number];

interface Place {
  readonly account: string;
  readonly region: string;
}

/** How many numbers stand for a target. */
const NUMBERS = 4;

/** Folds place by place, so that whoever folds may do something else between two of them. */
export class AvailabilityFolder {
  readonly #names = new Dictionary<Dictionaries['names'][number]>();
  readonly #conditions = new Dictionary<Dictionaries['conditions'][number]>();
  readonly #reaches = new Dictionary<string[]>();
  readonly #times = new Dictionary<string>();

  /** @param targets of this place alone */
  fold({ account, region }: Place, targets: readonly Target[]): CompactPlace {
    const prefix = prefixOf({ account, region });
    const numbers: number[] = [];
    for (const target of targets) {
      const { id, model, modelId, endpoint, profileId, scope } = target;
      const { state, reasons, hint, stale, reach, since } = target;
      const tail = id.slice(prefix.length);
      numbers.push(
        this.#names.placeOf(keyOf(tail, model, modelId, endpoint, profileId, scope), () => ({
          tail,
          ...(model === undefined ? {} : { model }),
          ...(modelId === undefined ? {} : { modelId }),
          ...(endpoint === undefined ? {} : { endpoint }),
          ...(profileId === undefined ? {} : { profileId }),
          scope,
        })),
        this.#conditions.placeOf(keyOf(state, hint.who, hint.text, String(stale), ...reasons), () => ({
          state,
          reasons,
          hint,
          stale,
        })),
        this.#reaches.placeOf(keyOf(...reach), () => reach),
        this.#times.placeOf(since, () => since),
      );
    }
    return { account, region, targets: numbers };
  }

  /** What the places that were folded so far have in common. */
  get dictionaries(): Dictionaries {
    return {
      names: this.#names.entries,
      conditions: this.#conditions.entries,
      reaches: this.#reaches.entries,
      times: this.#times.entries,
    };
  }
}

class Dictionary<Entry> {
  readonly entries: Entry[] = [];
  readonly #places = new Map<string, number>();

  placeOf(key: string, entry: () => Entry): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.entries.push(entry()) - 1;
    this.#places.set(key, place);
    return place;
  }
}

/** As no other list of texts is spelled; an absent one is not an empty one. */
function keyOf(...parts: readonly (string | undefined)[]): string {
  let key = '';
  for (const part of parts) key += part === undefined ? '-' : `${part.length}:${part}`;
  return key;
}

const prefixOf = ({ account, region }: Place): string => `${account}/${region}/`;

/** @throws RangeError where it names what none of its lists has */
export function unfoldAvailability(compact: CompactAvailability): Availability {
  const { names, conditions, reaches, times, places, ...head } = compact;
  const dictionaries = { names, conditions, reaches, times };
  return { ...head, targets: places.flatMap((place) => unfoldPlace(dictionaries, place)) };
}

/** The targets of one place. Equal parts are one object: they are not to be changed. @throws RangeError */
export function unfoldPlace(dictionaries: Dictionaries, place: CompactPlace): Target[] {
  const { account, region, targets: numbers } = place;
  const prefix = prefixOf(place);
  const targets: Target[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const { tail, scope, ...what } = entryOf(dictionaries.names, numbers[at]);
    const { state, reasons, hint, stale } = entryOf(dictionaries.conditions, numbers[at + 1]);
    const reach = entryOf(dictionaries.reaches, numbers[at + 2]);
    const since = entryOf(dictionaries.times, numbers[at + 3]);
    const id = prefix + tail;
    targets.push({ id, account, region, ...what, scope, state, reasons, hint, reach, since, stale });
  }
  return targets;
}

function entryOf<Entry>(entries: readonly Entry[], place: number | undefined): Entry {
  const entry = place === undefined ? undefined : entries[place];
  if (entry === undefined) throw new RangeError('the compact answer names an entry that it does not have');
  return entry;
}
