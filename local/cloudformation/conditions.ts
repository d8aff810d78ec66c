/** Conditions of a template and assertions of its rules: functions that come to true or false. */
import { resolveIntrinsics, type TemplateNames } from '../iam/resolve-intrinsics.ts';

/** @throws an Error that says what is no condition, or what it refers to in vain */
export function isTrue(value: unknown, names: TemplateNames): boolean {
  const [name, argument] = Object.entries((value ?? {}) as object)[0] ?? [];
  switch (name) {
    case 'Condition': {
      const known = names.condition?.(String(argument));
      if (known === undefined) throw new Error(`there is no condition ${String(argument)}`);
      return known;
    }
    case 'Fn::Equals': {
      const [left, right] = parts(name, resolveIntrinsics(argument, names));
      return String(left) === String(right);
    }
    case 'Fn::Contains': {
      const [values, wanted] = parts(name, resolveIntrinsics(argument, names));
      return Array.isArray(values) && values.includes(wanted);
    }
    case 'Fn::And':
      return parts(name, argument).every((part) => isTrue(part, names));
    case 'Fn::Or':
      return parts(name, argument).some((part) => isTrue(part, names));
    case 'Fn::Not':
      return !parts(name, argument).some((part) => isTrue(part, names));
    default:
      throw new Error(`${JSON.stringify(value)} is no condition`);
  }
}

function parts(name: string, argument: unknown): readonly unknown[] {
  if (Array.isArray(argument)) return argument;
  throw new Error(`${name} wants a list, got ${JSON.stringify(argument)}`);
}
