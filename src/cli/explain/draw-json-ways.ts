import type { Explanation } from '#contract/http.ts';
import { groupBy } from '../availability/build-matrix.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const jsonWays = { native: 'structured outputs', tool: 'a tool that must be called' };
const jsonReasons = {
  'native-closed': 'structured outputs cannot make this answer',
  'native-refused': 'it refused structured outputs',
  'schema-compiling': 'the schema is still being compiled',
  'tool-closed': 'no tool can be forced',
};

interface JsonWaysDrawing {
  readonly explanation: Explanation;
  readonly placesMax: number;
  readonly width: number;
  readonly paint: Paint;
}

/** How the shown places are made to answer in JSON: one line for all of the same way and reason. */
export function drawJsonWays({ explanation, placesMax, width, paint }: JsonWaysDrawing): readonly string[] {
  const { plan, jsonBy = [] } = explanation;
  const shown = plan
    .slice(0, placesMax)
    .flatMap((id, index) => jsonBy.filter(({ target }) => target === id).map((json) => ({ ...json, index })));
  if (shown.length === 0) return [];
  const groups = groupBy(shown, ({ way, because }) =>
    because === undefined ? jsonWays[way] : `${jsonWays[way]}: ${jsonReasons[because]}`,
  );
  return [
    paint('strong', 'JSON is made by'),
    ...[...groups].flatMap(([text, places]) =>
      wrapText(`${text} (${places.map(({ index }) => index + 1).join(', ')})`, width - 2).map(
        (line) => `  ${line}`,
      ),
    ),
  ];
}
