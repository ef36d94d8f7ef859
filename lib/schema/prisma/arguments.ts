/** The arguments of Prisma's attributes. */
import type { Attribute, BlockAttribute, KeyValue, Value } from '@mrleebo/prisma-ast';

export type Attr = Attribute | BlockAttribute;

export function find<A extends Attr>(attributes: readonly A[] | undefined, name: string): A | undefined {
  return attributes?.find((attribute) => attribute.name === name && !attribute.group);
}

export function isKeyValue(value: unknown): value is KeyValue {
  return typeof value === 'object' && value !== null && (value as KeyValue).type === 'keyValue';
}

export function argument(attribute: Attr | undefined, key: string): Value | undefined {
  for (const { value } of attribute?.args ?? []) if (isKeyValue(value) && value.key === key) return value.value;
  return undefined;
}

export function positional(attribute: Attr | undefined): Value | undefined {
  const first = attribute?.args?.[0]?.value;
  return first === undefined || isKeyValue(first) ? undefined : first as Value;
}

export function rawText(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function stringOf(value: Value | undefined): string | null {
  if (typeof value !== 'string' || !/^".*"$/s.test(value)) return null;
  try {
    return JSON.parse(value) as string;
  } catch {
    return value.slice(1, -1);
  }
}

export function stringArgument(attribute: Attr | undefined): string | null {
  return stringOf(positional(attribute)) ?? stringOf(argument(attribute, 'name'));
}

/** The names in `[a, b(sort: Desc)]`, or a single one. */
export function listOf(value: Value | undefined): string[] {
  if (typeof value === 'string') return [value];
  const items = Array.isArray(value) ? value : typeof value === 'object' && value.type === 'array' ? (value.args as readonly Value[] | undefined) ?? [] : [];
  return items.map((item) => typeof item === 'string' ? item : typeof item === 'object' && 'name' in item ? item.name : '');
}

/** The value of `@default(..)`, where it is no function or enumerator. */
export function plainValue(value: Value | undefined): { value: string | number | boolean } | null {
  if (typeof value === 'number' || typeof value === 'boolean') return { value };
  const string = stringOf(value);
  if (string !== null) return { value: string };
  if (value === 'true' || value === 'false') return { value: value === 'true' };
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? { value: Number(value) } : null;
}
