/** Where a table is: the same name in another account or region is another table. */
export interface TableAddress {
  readonly account: string;
  readonly region: string;
  readonly table: string;
}

const tableArn =
  /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\d{12}):table\/([A-Za-z0-9_.-]{1,255})(\/index\/[A-Za-z0-9_.-]+)?$/;

/** The table that a TableName means, seen from a caller: a plain name is the caller's own, an ARN says it all. */
export function resolveTable(name: string, caller: { account: string; region: string }): TableAddress {
  const [, region, account, table] = tableArn.exec(name) ?? [];
  if (region === undefined || account === undefined || table === undefined) {
    return { account: caller.account, region: caller.region, table: name };
  }
  return { account, region, table };
}

export function isTableArn(text: string): boolean {
  return tableArn.test(text);
}

export function arnOf({ account, region, table }: TableAddress): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${table}`;
}
