/** The text of a Prisma schema as blocks, and these as what a parser says of them. */
import type { Block } from '@mrleebo/prisma-ast';
import type { Range } from '../../model/query.js';

type Model = Extract<Block, { type: 'model' | 'view' }>;

export interface SchemaBlock {
  readonly kind: 'model' | 'view' | 'type' | 'enum';
  readonly name: string;
  readonly nameRange: Range;
  /** From the keyword to the closing brace. */
  readonly range: Range;
  /** Between the braces, every character at its place: comments are blanks, objects in arguments are strings. */
  readonly body: string;
  readonly offset: number;
}

/** The blocks of a schema that declare something, each to be parsed for itself: the parser gives up on a whole text for one thing that it does not know. */
export function splitBlocks(text: string): SchemaBlock[] {
  const masked = maskComments(text);
  const blocks: SchemaBlock[] = [];
  const head = /^[ \t]*(?:abstract[ \t]+)?(model|view|type|enum)[ \t]+(\w+)[^{}\n"]*\{/gm;
  for (let match = head.exec(masked); match; match = head.exec(masked)) {
    const offset = match.index + match[0].length, end = closingBrace(masked, offset);
    const nameAt = match.index + match[0].indexOf(match[2]!, match[0].indexOf(match[1]!) + match[1]!.length);
    blocks.push({ kind: match[1] as SchemaBlock['kind'], name: match[2]!, nameRange: [nameAt, nameAt + match[2]!.length], range: [match.index + match[0].search(/\S/), Math.min(end + 1, text.length)], body: maskObjects(masked.slice(offset, end)), offset });
    head.lastIndex = end;
  }
  return blocks;
}

/** Strings, comments and single characters of a schema. */
export const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g;

function maskComments(text: string): string {
  return text.replace(TOKEN, (token) => /^\/[/*]/.test(token) ? token.replace(/[^\n]/g, ' ') : token);
}

export function closingBrace(text: string, from: number): number {
  let depth = 1;
  const token = new RegExp(TOKEN);
  token.lastIndex = from;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '{') depth++;
    if (match[0] === '}' && --depth === 0) return match.index;
  }
  return text.length;
}

/** Behind the parentheses that open at an offset; the offset itself where none do, or they never close. */
export function endOfArguments(text: string, from: number): number {
  if (text[from] !== '(') return from;
  let depth = 0;
  const token = new RegExp(TOKEN);
  token.lastIndex = from;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '(') depth++;
    if (match[0] === ')' && --depth === 0) return match.index + 1;
  }
  return from;
}

/** The parser knows no objects in arguments (`where: { deletedAt: null }`, 0.13): a string of the same length takes the place of each. */
function maskObjects(body: string): string {
  let out = '', at = 0;
  const token = new RegExp(TOKEN);
  for (let match = token.exec(body); match; match = token.exec(body)) {
    if (match[0] !== '{') continue;
    const end = Math.min(closingBrace(body, match.index + 1) + 1, body.length);
    out += `${body.slice(at, match.index)}"${' '.repeat(Math.max(0, end - match.index - 2))}"`;
    token.lastIndex = at = end;
  }
  return out + body.slice(at);
}

export interface Parsed {
  readonly properties: Model['properties'];
  /** Add to an offset of the parser for its place in the file. */
  readonly shift: number;
}

type Parser = ReturnType<typeof loadParser>;
let loaded: Parser | null = null;

/** Loaded with the first schema. The parser's own settings are given, so that it does not look for files with settings. */
function loadParser() {
  const { getSchema, PrismaParser, VisitorClassFactory } = require('@mrleebo/prisma-ast') as typeof import('@mrleebo/prisma-ast');
  const parser = new PrismaParser({ nodeLocationTracking: 'full' });
  const visitor = new (VisitorClassFactory(parser))();
  return (source: string) => getSchema(source, { parser, visitor });
}

/** What nobody understands. */
export interface UnreadPart {
  readonly range: Range;
  readonly reason: string;
}

/** The properties of a block, line by line where the block as a whole does not parse; null where no line does. Lines that do not are added to `unread`. */
export function parseBlock({ body, offset, range }: SchemaBlock, unread: UnreadPart[]): Parsed[] | null {
  const whole = parseModel(body, offset);
  if (whole) return [whole];
  let at = offset;
  const failed: UnreadPart[] = [];
  const lines = body.split('\n').flatMap((line) => {
    const start = at, parsed = line.trim() === '' ? null : parseModel(line, start);
    at += line.length + 1;
    if (!parsed && line.trim() !== '') failed.push({ range: [start + line.search(/\S/), start + line.trimEnd().length], reason: 'not a line of a Prisma model' });
    return parsed ? [parsed] : [];
  });
  unread.push(...lines.length > 0 ? failed : [{ range, reason: 'not a Prisma model' }]);
  return lines.length > 0 ? lines : null;
}

function parseModel(body: string, offset: number): Parsed | null {
  const head = 'model M {\n';
  loaded ??= loadParser();
  try {
    const model = loaded(`${head}${body}\n}`).list.find((block) => block.type === 'model');
    return model ? { properties: (model.properties as Model['properties'] | undefined) ?? [], shift: offset - head.length } : null;
  } catch {
    return null;
  }
}
