import assert from 'node:assert/strict';
import { espreeParser, openSource } from '../../lib/schema/parse.js';
import { called, className, lineage, literalValue, propertiesOf, resolve, stringValue, stringValues } from '../../lib/schema/program.js';
import { Project, type Located, type Program } from '../../lib/schema/project.js';
import { sequelize } from '../../lib/schema/sequelize.js';
import type { ClassNode } from '../../lib/source/ast.js';
import { declared, type Files } from './support.js';

function programOf(files: Files, parse = openSource): Program {
  const project = new Project(Object.keys(files), (path) => parse(files[path]!, path));
  return project.program(Object.keys(files)[0]!)!;
}

/** What `export const value = ..` of the first file is. */
function valueOf(files: Files): Located {
  return programOf(files).exported('value')!;
}

describe('What declarations say across files', () => {
  const TEXTS: readonly (readonly [title: string, files: Files, expected: string | null])[] = [
    ['a constant', { 'a.ts': `const NAME = 'users'; export const value = NAME;` }, 'users'],
    ['a concatenation and a template', { 'a.ts': 'const A = "u"; export const value = `${A}se` + "rs";' }, 'users'],
    ['a member of a frozen object', { 'a.ts': `const T = Object.freeze({ users: 'u' } as const); export const value = T.users;` }, 'u'],
    ['a member by a computed name', { 'a.ts': `const K = 'x'; const T = { [K]: 'u' }; export const value = T['x'];` }, 'u'],
    ['an enumerator', { 'a.ts': `enum T { Users = 'u' } export const value = T.Users;` }, 'u'],
    ['a static property of a base class', { 'a.ts': `class A { static table = 'u'; } class B extends A {} export const value = B.table;` }, 'u'],
    ['a static getter that asks this', { 'a.ts': `class A { static get prefix() { return 'p_'; } static get table() { return this.prefix + 'u'; } } export const value = A.table;` }, 'p_u'],
    ['a helper function', { 'a.ts': `const named = (name, end = 's') => name + end; export const value = named('user');` }, 'users'],
    ['a helper of another file', { 'a.ts': `import { named as n } from './b.js'; export const value = n('user');`, 'b.ts': `export function named(name: string) { const end = 's'; return name + end; }` }, 'users'],
    ['a default export', { 'a.ts': `import B from './lib'; export const value = B.t;`, 'lib/index.ts': `export default { t: 'u' };` }, 'u'],
    ['a re-export', { 'a.ts': `import { x } from './b'; export const value = x;`, 'b.ts': `export { y as x } from './c'; export * from './d';`, 'c.ts': `export const y = 'u';`, 'd.ts': '' }, 'u'],
    ['a star export', { 'a.ts': `import * as all from './b'; export const value = all.y;`, 'b.ts': `export * from './c';`, 'c.ts': `export const y = 'u';` }, 'u'],
    ['CommonJS', { 'a.js': `const { T } = require('./b'); exports.value = T.a;`, 'b.js': `module.exports = { T: { a: 'u' } };` }, 'u'],
    ['an alias of paths', { 'src/x/a.ts': `import { T } from '@/db/names'; export const value = T;`, 'src/db/names.ts': `export const T = 'u';`, 'other/db/names.ts': `export const T = 'no';` }, 'u'],
    ['destructuring', { 'a.ts': `const { a: { b: name } } = { a: { b: 'u' } }; export const value = name;` }, 'u'],
    ['what is assigned again', { 'a.ts': `let name = 'u'; name = other(); export const value = name;` }, null],
    ['a circle', { 'a.ts': `import { y } from './b'; export const x = y; export const value = x;`, 'b.ts': `import { x } from './a'; export const y = x;` }, null],
    ['itself', { 'a.ts': `const f = () => f(); export const value = f();` }, null],
    ['a parameter', { 'a.ts': `export const value = (name) => name;` }, null],
  ];
  for (const [title, files, expected] of TEXTS) {
    it(`a text by ${title}`, () => { assert.equal(stringValue(valueOf(files)), expected); });
  }

  it('the properties of an object with its spreads, the last of a name', () => {
    const value = valueOf({
      'a.ts': `import { more } from './b'; const own = { a: 1, b: 2 }; const make = (x) => ({ made: x }); export const value = { ...own, b: 3, ...more, ...make(4), ...(flag ? { yes: 5 } : { no: 6 }), ...(flag && { perhaps: 7 }), ...Object.assign({}, { z: 8 }) };`,
      'b.ts': 'export const more = { c: 9 };',
    });
    assert.deepEqual([...propertiesOf(value)].map(([name, { value: each }]) => [name, literalValue(each)]), [['a', 1], ['b', 3], ['c', 9], ['made', 4], ['yes', 5], ['no', 6], ['perhaps', 7], ['z', 8]]);
  });

  it('the texts that a loop goes through', () => {
    const texts = (code: string) => {
      const program = programOf({ 'a.js': code }), call = program.calls.find((node) => node.callee.type === 'Identifier' && node.callee.name === 'use')!;
      return stringValues(program.at(call.arguments[0]!));
    };
    assert.deepEqual(texts(`const all = ['a', 'b']; for (const x of all) use(x);`), ['a', 'b']);
    assert.deepEqual(texts(`['a', 'b'].forEach((x) => use(x));`), ['a', 'b']);
    assert.deepEqual(texts(`[{ t: 'a' }].map((x) => use(x.t));`), ['a']);
    assert.deepEqual(texts(`for (const x of list()) use(x);`), []);
    assert.deepEqual(texts(`['a', b].forEach((x) => use(x));`), []);
  });

  it('the line of a class, through mixins', () => {
    const at = resolve(valueOf({ 'a.ts': `import Base from './b'; class A extends mix({ a: 1 })(Base) {} export const value = class C extends A {};`, 'b.ts': `import { Model } from 'x'; export default class Base extends Model {}` }));
    assert.deepEqual(lineage(at as Located<ClassNode>).map((each) => className(each)), ['C', 'A', 'Base']);
  });

  it('the result of a function, or the value itself', () => {
    assert.equal(stringValue(called(valueOf({ 'a.ts': `export const value = () => 'u';` }))), 'u');
    assert.equal(stringValue(called(valueOf({ 'a.ts': `export const value = 'u';` }))), 'u');
  });
});

describe('Sources that double with every line', () => {
  const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i + 1)).join('\n');
  const HOSTILE: Files = {
    'spreads.ts': `const a0 = { x: integer() };\n${lines(60, (i) => `const a${i} = { ...a${i - 1}, ...a${i - 1} };`)}\nexport const t = pgTable('t', a60);`,
    'texts.ts': `const a0 = 'x';\n${lines(60, (i) => `const a${i} = a${i - 1} + a${i - 1};`)}\nexport const t = pgTable(a60, { x: integer() });`,
    'helpers.ts': `const f0 = () => ({ x: integer() });\n${lines(60, (i) => `const f${i} = (y) => ({ ...f${i - 1}(y), ...f${i - 1}(y) });`)}\nexport const t = pgTable('t', f60(1));`,
    'lists.ts': `const a0 = [1];\n${lines(60, (i) => `const a${i} = [...a${i - 1}, ...a${i - 1}];`)}\nexport const t = pgTable('t', { x: integer() }, () => a60);`,
    'chain.ts': `export const t = pgTable('t', { x: integer()${'.notNull()'.repeat(3000)} });`,
    'nested.ts': `export const t = pgTable('t', ${'{ x: '.repeat(300)}1${' }'.repeat(300)});`,
  };
  for (const [path, text] of Object.entries(HOSTILE)) {
    it(`end: ${path}`, () => {
      const files = { [path]: `import { integer, pgTable } from 'drizzle-orm/pg-core';\n${text}`, 'good.ts': `import { integer, pgTable } from 'drizzle-orm/pg-core'; export const good = pgTable('good', { id: integer() });` };
      assert.ok(declared(files).some(({ name, columns }) => name === 'good' && columns.length === 1));
    });
  }
});

describe('Sources', () => {
  it('of JavaScript are read without a parser for TypeScript, too', () => {
    const files = { 'a.js': `const { DataTypes } = require('sequelize'); const common = require('./b'); module.exports = (sequelize) => sequelize.define('User', { ...common, deletedAt: DataTypes.DATE });`, 'b.js': `const { DataTypes } = require('sequelize'); module.exports = { id: { type: DataTypes.INTEGER, primaryKey: true } };` };
    const read = (parse: typeof openSource) => sequelize.read(programOf(files, parse)).map(({ name, columns, keys }) => [name, columns.map((column) => [column.name, column.type, column.range]), keys!.map((key) => key.columns)]);
    assert.deepEqual(read(espreeParser()), read(openSource));
    assert.equal(espreeParser()('let x: string;', 'a.ts'), null);
    assert.equal(espreeParser()('let = = 1;', 'a.js'), null);
  });

  it('are read with and without JSX', () => {
    for (const [path, text] of [['a.ts', 'const x = <string>y;'], ['a.tsx', 'const x = <b>y</b>;'], ['a.js', 'const x = <b>y</b>;'], ['a.cjs', 'with (a) { b; }']] as const) assert.ok(openSource(text, path), path);
  });
});
