/** A chain as it was before one of its calls was added. */
export interface ChainBefore {
  readonly firstModel: string;
  readonly route: string;
  readonly cold?: boolean | undefined;
  /** Called so far. */
  readonly models?: ReadonlySet<string> | undefined;
}

/** What a call is in its chain: see `ChainPlace`. */
export function placeInChain(
  before: ChainBefore | undefined,
  call: {
    readonly model: string;
    readonly route: string;
    readonly needsModel: boolean;
    readonly isCold: boolean;
  },
) {
  const { model, route, needsModel, isCold } = call;
  const first = before ?? { firstModel: model, route };
  return {
    firstModel: first.firstModel,
    route: first.route,
    isFirst: before === undefined,
    isNewModel: needsModel && model !== first.firstModel && before?.models?.has(model) !== true,
    turnedCold: isCold && before?.cold !== true,
  };
}
