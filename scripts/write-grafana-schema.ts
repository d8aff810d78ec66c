/**
 * Writes test/fixtures/grafana-schema.json from the types of @grafana/schema, by which tests judge the boards. It takes several
 * seconds, so it is done when that package changes, which a test notices.
 *
 * Usage: node scripts/write-grafana-schema.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A query's types are named twice in the package, so that they are written where they stand. */
function schemaOf(type: string, expose: 'export' | 'none'): unknown {
  const generator = createGenerator({
    ...{ path: pathOf('./grafana-types.ts'), tsconfig: pathOf('../tsconfig.json'), type, expose },
    ...{ skipTypeCheck: true, additionalProperties: false, jsDoc: 'none' },
  });
  return generator.createSchema(type);
}

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(pathOf('../node_modules/@grafana/schema/package.json'), 'utf8'),
);
const schema = {
  version: manifest.version,
  dashboard: schemaOf('GrafanaDashboard', 'export'),
  query: schemaOf('GrafanaQuery', 'none'),
};
writeFileSync(pathOf('../test/fixtures/grafana-schema.json'), `${JSON.stringify(schema)}\n`);
