import { keptResource, tagsShape } from './kept-resource.ts';

/** Columns of a dashboard, and how many widgets it may have (dashboard body structure, CloudWatch API reference). */
const columns = 24;
const widgetsMax = 500;

const nameOf = (properties: Readonly<Record<string, unknown>>, otherwise: string): string =>
  String(properties.DashboardName ?? otherwise);

/** Nobody looks at it here; its body is held to what CloudWatch refuses. */
export const dashboard = keptResource({
  type: 'AWS::CloudWatch::Dashboard',
  properties: { DashboardBody: 'text', DashboardName: 'text', Tags: tagsShape },
  required: ['DashboardBody'],
  createOnly: ['DashboardName'],
  check({ properties }) {
    const problems = problemsOf(String(properties.DashboardBody));
    if (problems.length > 0)
      throw new Error(`InvalidParameterInput: The dashboard body is invalid: ${problems.join('; ')}`);
  },
  made: ({ properties, account, nameOf: generated }) => {
    const name = nameOf(properties, generated(255));
    return { physicalId: name, attributes: { Arn: `arn:aws:cloudwatch::${account}:dashboard/${name}` } };
  },
});

function problemsOf(text: string): readonly string[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['it is no JSON'];
  }
  const { widgets } = Object(body);
  if (!Array.isArray(widgets)) return ['widgets is no list'];
  const many = widgets.length > widgetsMax ? [`${widgets.length} widgets, at most ${widgetsMax}`] : [];
  return [...many, ...widgets.flatMap(widgetProblems)];
}

function widgetProblems(widget: unknown, index: number): readonly string[] {
  const at = `/widgets/${index}`;
  const { type, x = 0, y = 0, width = 6, height = 6, properties } = Object(widget);
  const numbers = [x, y, width, height];
  return [
    ...(numbers.every((each) => Number.isInteger(each) && each >= 0) && width >= 1 && height >= 1
      ? []
      : [`${at}: x, y, width and height are whole numbers`]),
    ...(x + width > columns ? [`${at}: it ends right of column ${columns}`] : []),
    ...(type === 'text' && typeof properties?.markdown !== 'string' ? [`${at}: a text has markdown`] : []),
    ...(type === 'metric' && (typeof properties?.region !== 'string' || !Array.isArray(properties?.metrics))
      ? [`${at}: a metric widget has a region and metrics`]
      : []),
    ...(type === 'text' || type === 'metric' ? [] : [`${at}: the local AWS knows text and metric widgets`]),
  ];
}
