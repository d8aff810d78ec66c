/**
 * The next version of the product, as what it changes in the sources of this one: what a true next version is likely to
 * bring, the dangerous things among it. Each edit must fit exactly once, so that none is lost when the sources move on.
 */

export interface SourceEdit {
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const readsBothSchemas: readonly SourceEdit[] = [
  {
    file: 'src/contract/route-item.ts',
    from: 'schema: z.literal(1),',
    to: 'schema: z.literal([1, 2]),\n  plannedBy: z.string().optional(),',
  },
  {
    file: 'src/adapters/aws/dynamodb-route-store.ts',
    from: 'item.schema !== routeItemSchema.shape.schema.value',
    to: 'item.schema > 2',
  },
];

/** One route under a schema that the version before does not know, the others with a member that it does not know. */
const writesAnew: readonly SourceEdit[] = [
  {
    file: 'src/core/plan/wanted-route.ts',
    from: 'schema: routeSchemaVersion,',
    to: "schema: process.env.SPILLWAY_ROUTE_SCHEMA_2 === [model.name, policy.name].join('/') ? 2 : routeSchemaVersion,\n    plannedBy: 'next',",
  },
  {
    file: 'src/core/plan/plan-route.ts',
    from: 'canonicalJson({ targets, baseline, dropped, schema, unusable });\n  return content(previous) === content(draft);',
    to: "canonicalJson({ targets, baseline, dropped, schema, unusable });\n  return content(previous) === content(draft) && previous.plannedBy === 'next';",
  },
  {
    file: 'src/adapters/aws/observation-item.ts',
    from: '  return {\n    ...rest,\n    kind: kind',
    to: "  return {\n    ...rest,\n    listedBy: 'next',\n    kind: kind",
  },
  {
    file: 'src/adapters/aws/batch-items.ts',
    from: 'return { ...rest, windowEndsAt };',
    to: "return { madeBy: 'next', ...rest, windowEndsAt };",
  },
];

/** Routes by another operation, for which a new variable is needed, and a permission on both sides of the table. */
const readsInOneCall: readonly SourceEdit[] = [
  {
    file: 'src/adapters/aws/dynamodb-route-store.ts',
    from: 'const pages = await Promise.all(this.models.map((model) => this.table.query({ partition: model })));',
    to: `const residencies = (process.env.SPILLWAY_RESIDENCIES ?? '').split(',');
    const wanted = this.models.flatMap((partition) => residencies.map((sort) => ({ partition, sort })));
    const pages = [await this.table.getMany(wanted)];`,
  },
  {
    file: 'lib/constructs/table-access.ts',
    from: "export const routeReadActions: readonly string[] = ['dynamodb:GetItem', 'dynamodb:Query'];",
    to: "export const routeReadActions: readonly string[] = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];",
  },
];

export const nextSources: readonly SourceEdit[] = [...readsBothSchemas, ...writesAnew, ...readsInOneCall];
