/** Reads a source the way a rule would see it, and prints what is found. */
import assert from 'node:assert/strict';
import * as typescriptParser from '@typescript-eslint/parser';
import { Linter, type SourceCode } from 'eslint';
import type { Hole, SqlText } from '../../lib/sql/sql-text.js';
import { findSql, type FoundSql, type SourceOptions } from '../../lib/source/find.js';

export interface ParseOptions {
  /** Parse with ESLint's own parser. */
  readonly javascript?: boolean;
  readonly jsx?: boolean;
}

export type FindOptions = Partial<SourceOptions> & ParseOptions;

/** Parses with typescript-eslint, or with ESLint's own parser where `javascript` is set. Throws where the source does not parse. */
export function parse(source: string, { javascript = false, jsx = false }: ParseOptions = {}): SourceCode {
  const linter = new Linter();
  const [message] = linter.verify(
    source,
    [{ files: ['**/*.{js,ts,tsx}'], languageOptions: { ...(javascript ? {} : { parser: typescriptParser }), parserOptions: { ecmaFeatures: { jsx } } } }],
    { filename: jsx ? 'file.tsx' : javascript ? 'file.js' : 'file.ts' },
  );
  const sourceCode = linter.getSourceCode() as SourceCode | null;
  if (!sourceCode) throw new Error(`${message?.message} (${message?.line}:${message?.column})`);
  return sourceCode;
}

/** The tables of the manifest that the tests use. */
export const mentions = (text: string): boolean => /\b(?:users?|posts?|files?|projects?)\b/i.test(text);

export function find(source: string, options: FindOptions = {}): FoundSql[] {
  return findSql(parse(source, options), { mentions, ...options });
}

/** A text with its holes by kind, white space folded. */
export function print({ text, holes }: SqlText): string {
  let printed = '', at = 0;
  for (const { start, end, kind } of holes) {
    printed += text.slice(at, start) + sign(kind);
    at = end;
  }
  return (printed + text.slice(at)).replace(/\s+/g, ' ').trim();
}

const sign = (kind: Hole['kind']): string => `⟦${kind}⟧`;

/** Every segment stands in the source character for character, and holes are blank, in order and without a place of their own. */
export function checkPlaces(source: string, { variants, range }: FoundSql): void {
  assert.ok(variants.length >= 1 && variants.length <= 4);
  assert.ok(range[0] >= 0 && range[0] < range[1] && range[1] <= source.length);
  for (const { text, holes, segments, fallback } of variants) {
    assert.deepEqual(fallback, range);
    let end = 0;
    for (const segment of segments) {
      assert.ok(segment.start >= end && segment.length > 0);
      end = segment.start + segment.length;
      assert.equal(text.slice(segment.start, end), source.slice(segment.source, segment.source + segment.length));
    }
    end = 0;
    for (const hole of holes) {
      assert.ok(hole.start >= end && hole.end > hole.start && hole.end <= text.length);
      end = hole.end;
      assert.equal(text.slice(hole.start, hole.end).trim(), '');
      assert.ok(segments.every((segment) => segment.start >= hole.end || segment.start + segment.length <= hole.start));
    }
  }
}
