const NEAREST_MAX = 3;

/** The ids most like a text, best first: those that hold it whole, then those that differ in the fewest characters. */
export function nearestTargets(text: string, ids: readonly string[]): readonly string[] {
  const wanted = text.toLowerCase();
  const held = ids.filter((id) => wanted.length >= 3 && id.toLowerCase().includes(wanted));
  const found = held.length > 0 ? held : ids;
  return found
    .map((id) => ({ id, distance: editDistance(wanted, id.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance || (left.id < right.id ? -1 : 1))
    .slice(0, NEAREST_MAX)
    .map(({ id }) => id);
}

/** The fewest insertions, removals and changes of one character that lead from one text to the other. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
