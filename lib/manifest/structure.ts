/** The structure of a value against its JSON schema, as one sentence a mistake. */
import { correctDuration } from './durations.js';
import { nearest } from './names.js';
import { anyOf, didYouMean, problem, shown, type Path, type Problem } from './problems.js';
import * as generated from './structure.generated.js';

/** What the generated code says of a mistake (ajv's ErrorObject with `verbose`). */
interface Failure {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: Schema;
  readonly data: unknown;
}

interface Schema {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
}

type Check = ((value: unknown) => boolean) & { errors: Failure[] | null };
const { checkManifest, checkSettings } = generated as unknown as { checkManifest: Check; checkSettings: Check };

/** What is wrong with the structure of a manifest, in no order; several problems may share a place. */
export function manifestStructure(value: unknown): Problem[] {
  return structure(checkManifest, value, []);
}

/** What is wrong with the structure of `settings["soft-delete"]`. The manifest inside is not looked at. */
export function settingsStructure(value: unknown): Problem[] {
  return structure(checkSettings, value, ['settings', 'soft-delete']);
}

function structure(check: Check, value: unknown, above: Path): Problem[] {
  if (check(value)) return [];
  const failures = check.errors ?? [];
  return telling(failures).map((failure) => {
    const [key, says] = sentence(failure);
    return problem([...above, ...pathOf(failure.instancePath, value), ...(key === null ? [] : [key])], says);
  });
}

/**
 * The failures that say what is wrong. Where a value may have several forms, they differ by JSON type, so that the form meant is the one
 * whose type fits: the others failed by type alone, and "none of the forms" tells something only where nothing at or below the place does.
 * A misspelled key is said once, not once as unknown and once as missing.
 */
function telling(failures: readonly Failure[]): Failure[] {
  const byPlace = new Map<string, Failure[]>();
  for (const failure of failures) {
    const here = byPlace.get(failure.instancePath);
    if (here) here.push(failure);
    else byPlace.set(failure.instancePath, [failure]);
  }
  const isOtherForm = ({ keyword, parentSchema }: Failure, here: readonly Failure[]): boolean => keyword === 'type'
    ? here.some((other) => other.keyword === 'anyOf')
    : here.some((other) => other.keyword === 'type' && other.parentSchema === parentSchema);
  const isMisspelled = ({ keyword, params, parentSchema }: Failure, here: readonly Failure[]): boolean => keyword === 'required'
    && here.some((other) => other.keyword === 'additionalProperties' && meantKey(other.params, parentSchema) === params.missingProperty);
  const containers = new Set([...byPlace.keys()].flatMap((place) => [...place.matchAll(/\//g)].map(({ index }) => place.slice(0, index))));
  return [...byPlace].flatMap(([place, here]) => {
    const told = here.filter((failure) => failure.keyword !== 'anyOf' && !isOtherForm(failure, here) && !isMisspelled(failure, here));
    return told.length > 0 || containers.has(place) ? told : here.filter(({ keyword }) => keyword === 'anyOf');
  });
}

/** The known key that an unknown one most likely means, or null. */
function meantKey(params: Failure['params'], { properties = {} }: Schema): string | null {
  return nearest(String(params.additionalProperty), Object.keys(properties));
}

function pathOf(pointer: string, value: unknown): Path {
  let at = value;
  return pointer.split('/').slice(1).map((step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const inList = Array.isArray(at);
    at = (at as Record<string, unknown>)[key];
    return inList ? Number(key) : key;
  });
}

/** The key below the failure's place that it is about, or null, and what is wrong there. */
function sentence({ keyword, params, parentSchema, data }: Failure): [key: string | null, says: string] {
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty), known = Object.keys(parentSchema.properties ?? {});
      return [key, `is not a known key${didYouMean(key, known) || `; known are ${known.filter((name) => name !== '$schema').join(', ')}`}`];
    }
    case 'required': {
      const key = String(params.missingProperty);
      return [key, `is missing; write ${expected(parentSchema.properties?.[key] ?? kinds(parentSchema))}`];
    }
    case 'discriminator':
      return ['kind', mismatch(kinds(parentSchema), params.tagValue)];
    case 'minItems': case 'minProperties':
      return [null, `is empty; write ${expected(parentSchema)}`];
    case 'pattern': {
      const words = parentSchema.title?.startsWith('a duration') ? correctDuration(String(data), nearest) : null;
      return [null, `${mismatch(parentSchema, data)}${words === null ? '' : `; did you mean ${JSON.stringify(words)}?`}`];
    }
    default:
      return [null, mismatch(parentSchema, data)];
  }
}

function mismatch(wanted: Schema, value: unknown): string {
  const words = (wanted.enum ?? []).filter((word) => typeof word === 'string');
  return `must be ${expected(wanted)}, not ${shown(value)}${typeof value === 'string' ? didYouMean(value, words) : ''}`;
}

/** The words that a schema with a form for each `kind` accepts there. */
function kinds({ oneOf = [] }: Schema): Schema {
  return { enum: oneOf.map((form) => form.properties?.kind?.const) };
}

const TYPES: Readonly<Record<string, string>> = { string: 'a text', boolean: 'true or false', object: 'an object', array: 'a list', number: 'a number', integer: 'a whole number', null: 'null' };

/** What a schema asks for, in words. */
function expected({ title, enum: values, type }: Schema): string {
  if (title) return title;
  if (values) return anyOf(values.map((value) => JSON.stringify(value)));
  return anyOf([type ?? []].flat().map((name) => TYPES[name] ?? name)) || 'a value';
}
