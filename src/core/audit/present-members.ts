/** Members of a record that are left out where they say nothing. */
type Maybe<Name extends string, Value> = { readonly [Each in Name]?: Value };

export function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Maybe<Name, Value> {
  return (value === undefined ? {} : { [name]: value }) as Maybe<Name, Value>;
}

export function listed<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
): Maybe<Name, readonly Item[]> {
  return (items.length === 0 ? {} : { [name]: items }) as Maybe<Name, readonly Item[]>;
}
