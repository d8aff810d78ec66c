/** How one row of a fact file differs from before. */
export interface RowChange {
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** One line for each member that differs. */
  readonly details: readonly string[];
}

interface Row {
  readonly id: string;
}

/** Members that say when a row was written, not what is true. */
const unsaid = ['asOf'];

/** Every row that differs, by id. */
export function describeChanges(before: readonly Row[], after: readonly Row[]): readonly RowChange[] {
  const old = new Map(before.map((row) => [row.id, row]));
  const now = new Map(after.map((row) => [row.id, row]));
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((id): readonly RowChange[] => {
    const [was, is] = [old.get(id), now.get(id)];
    if (was === undefined) return [{ id, kind: 'added', details: detailsOf({ id }, is ?? { id }) }];
    if (is === undefined) return [{ id, kind: 'removed', details: [] }];
    const details = detailsOf(was, is);
    return details.length === 0 ? [] : [{ id, kind: 'changed', details }];
  });
}

function detailsOf(was: Row, is: Row): readonly string[] {
  const [old, now] = [new Map(Object.entries(was)), new Map(Object.entries(is))];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => !unsaid.includes(name));
  return names.flatMap((name) => describeMember(name, old.get(name), now.get(name)));
}

function describeMember(name: string, was: unknown, is: unknown): readonly string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  const [old, now] = [entriesOf(was), entriesOf(is)];
  if (old === undefined || now === undefined)
    return is === null || is === undefined ? lost(name, was) : [`${name}: ${plain(was)} → ${plain(is)}`];
  const added = now.filter((entry) => !old.includes(entry)).map((entry) => `+${entry}`);
  const removed = old.filter((entry) => !now.includes(entry)).map((entry) => `-${entry}`);
  return added.length + removed.length === 0 ? [] : [`${name}: ${[...added, ...removed].join(' ')}`];
}

const lost = (name: string, was: unknown): readonly string[] =>
  was === undefined || was === null ? [] : [`${name}: ${plain(was)} → unknown`];

/** Members of a list or of a record as texts; an absent list is an empty one; undefined for anything else. */
function entriesOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).map(([key, entry]) => `${key}=${entry}`);
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return 'unknown';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
