/** Which tags and calls hold SQL, of which library, and in which dialect: research into the documentation of each package that is named. */
import type { Dialect } from '../manifest/catalog.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { dottedNames, isFunction, lastName, parentOf, propertyName, rootOf, unwrap, type Names, type Node } from './ast.js';

/** The tags that hold SQL wherever they stand, by the last name of the tag: `db.sql` and `Prisma.sql` are `sql`. */
export const DEFAULT_TAGS: readonly string[] = ['sql', 'SQL', 'pgsql', 'psql', '$queryRaw', '$executeRaw', 'queryRaw', 'executeRaw'];

/** What a template tag does with its template. */
export interface Tag {
  readonly library: string;
  readonly dialect: Dialect | null;
  /** Interpolated values are bound, never spliced. */
  readonly binds: boolean;
  /** The tagged template is the execution itself (`` await sql`..` ``), as against a fragment that is handed to a driver; null where its origin does not tell. */
  readonly executes: boolean | null;
  /** The tag is known by name or origin; else only the text can tell whether it holds SQL. */
  readonly known: boolean;
}

interface Package {
  readonly library: string;
  /** Null where the package speaks several; `other` where it speaks one that the parser does not know. */
  readonly dialect: Dialect | 'other' | null;
  /** A tagged template of this package runs when it is awaited. */
  readonly executes?: boolean;
}

/** Packages that take SQL. */
const PACKAGES: readonly (readonly [RegExp, Package])[] = [
  [/^postgres$/, { library: 'postgres', dialect: 'postgresql', executes: true }],
  [/^@neondatabase\/serverless$/, { library: 'neon', dialect: 'postgresql', executes: true }],
  [/^@vercel\/postgres/, { library: 'vercel', dialect: 'postgresql', executes: true }],
  [/^bun:sqlite$/, { library: 'bun', dialect: 'sqlite', executes: true }],
  [/^bun$/, { library: 'bun', dialect: null, executes: true }],
  [/^node:sqlite$/, { library: 'node:sqlite', dialect: 'sqlite', executes: true }],
  [/^@prisma\//, { library: 'prisma', dialect: null }],
  [/^drizzle-orm\/(?:pg|postgres|neon|vercel|node-postgres|pglite)/, { library: 'drizzle', dialect: 'postgresql' }],
  [/^drizzle-orm\/(?:mysql|planetscale|singlestore)/, { library: 'drizzle', dialect: 'mysql' }],
  [/^drizzle-orm\/(?:sqlite|better-sqlite|libsql|d1|bun-sqlite|durable-sqlite)/, { library: 'drizzle', dialect: 'sqlite' }],
  [/^drizzle-orm/, { library: 'drizzle', dialect: null }],
  [/^kysely/, { library: 'kysely', dialect: null }],
  [/^slonik/, { library: 'slonik', dialect: 'postgresql' }],
  [/^@databases\/(?:pg|sqlite|mysql)/, { library: 'databases', dialect: null }],
  [/^@databases\//, { library: 'databases', dialect: null }],
  [/^sql-template-(?:tag|strings)$/, { library: 'sql', dialect: null }],
  [/^@effect\/sql/, { library: 'effect', dialect: null, executes: true }],
  [/^(?:pg|pg-promise|pg-cursor|pg-query-stream|@pgtyped\/.*|@electric-sql\/pglite|pg-native)$/, { library: 'pg', dialect: 'postgresql' }],
  [/^(?:mysql2?(?:\/promise)?|@planetscale\/database|serverless-mysql)$/, { library: 'mysql', dialect: 'mysql' }],
  [/^mariadb/, { library: 'mysql', dialect: 'mariadb' }],
  [/^(?:better-sqlite3|sqlite3?|@libsql\/client.*|sql\.js|expo-sqlite.*)$/, { library: 'sqlite', dialect: 'sqlite' }],
  [/^@google-cloud\/bigquery$/, { library: 'bigquery', dialect: 'bigquery' }],
  [/^(?:knex|objection)$/, { library: 'knex', dialect: null }],
  [/^(?:sequelize|sequelize-typescript|@sequelize\/.*)$/, { library: 'sequelize', dialect: null }],
  [/^(?:typeorm|@nestjs\/typeorm)$/, { library: 'typeorm', dialect: null }],
  [/^@mikro-orm\//, { library: 'mikro-orm', dialect: null }],
  [/^(?:mssql|tedious)/, { library: 'mssql', dialect: 'other' }],
  [/^(?:@clickhouse\/.*|clickhouse|snowflake-sdk|oracledb|@databricks\/sql|duckdb.*|@duckdb\/.*)$/, { library: 'sql', dialect: 'other' }],
];

function packageOf(module: string): Package | null {
  return PACKAGES.find(([pattern]) => pattern.test(module))?.[1] ?? null;
}

/** Functions that make a tag: `postgres(url)`, `neon(url)`, `createSqlTag(..)`, `new SQL(url)`, `createTagStore()`. */
const FACTORY = /^(?:postgres|neon|createSqlTag|createTagStore|SQL|reserve)$/;
/** Callbacks whose parameter is a tag: `sql.begin((tx) => tx`..`)`. */
const SCOPED = /^(?:begin|beginDistributed|savepoint|reserve)$/;
/** Names that may follow a tag's name: slonik's `sql.type(schema)`, `sql.typeAlias('id')`, `sql.unsafe`, `sql.fragment`. */
const VARIANT = /^(?:type|typeAlias|unsafe|fragment|prepared)$/;
/** Methods of node:sqlite's tag store. */
const STORE = /^(?:all|get|run|iterate)$/;
/** Tags that only join their text. */
const PLAIN = /^(?:dedent|outdent|stripIndent|stripIndents|oneLine|oneLineTrim|commaLists|codeBlock|ts|noop|identity|indent)$/;
/** Tags of other languages. */
const FOREIGN = /^(?:gql|graphql|css|html|svg|styled|keyframes|createGlobalStyle|injectGlobal|glob|md|markdown|cypher|cql|mongo|xml|yaml|json|sparql|aql|groq|t|i18n|msg|log|debug|chalk|regex|shell|\$)$/;

/** Names of a project that hold SQL beside those known here. A dotted name (`db.sql`) is matched from its end. */
export interface FurtherNames {
  readonly tags: readonly string[];
  readonly calls: readonly string[];
}

/** What the files of this folder ask about names that stand for libraries, for one file. */
export class Libraries {
  private readonly tagNames: ReadonlySet<string>;
  /** The one dialect that the packages imported by the file speak, or null. */
  readonly dialect: Dialect | null;
  private readonly packages: readonly Package[];
  /** With those whose types alone the file imports. */
  private readonly named: readonly Package[];

  constructor(private readonly names: Names, program: TSESTree.Program, private readonly text: string, private readonly further: FurtherNames) {
    this.tagNames = new Set([...DEFAULT_TAGS, ...further.tags]);
    this.packages = importedModules(program).flatMap((module) => packageOf(module) ?? []);
    this.named = [...this.packages, ...typeModules(program).flatMap((module) => packageOf(module) ?? [])];
    const dialects = new Set(this.packages.flatMap(({ dialect }) => dialect ?? []));
    this.dialect = dialects.size === 1 ? known([...dialects][0]!) : null;
  }

  /** Does the file import a package of the library, be it for its types alone (`import type { Knex } from 'knex'`)? */
  imports(library: string): boolean {
    return this.named.some((found) => found.library === library || (found.library === 'knex' && library === 'objection'));
  }

  /** Does the file import a library whose tags take no schema objects (so that an imported name is a value)? */
  get tagsTakeValuesOnly(): boolean {
    return this.packages.some(({ library }) => /^(?:postgres|neon|vercel|prisma|slonik|databases|node:sqlite|bun)$/.test(library));
  }

  /** What a template's tag does; null for tags of other languages and for plain string tags (see `isPlainTag`). */
  tag(node: Node): Tag | null {
    const tag = unwrap(node), root = rootOf(tag);
    if (this.isPlainTag(tag)) return null;
    const name = this.tagName(tag), origin = this.packageOf(root);
    if (name === null) {
      const last = lastName(tag.type === 'CallExpression' ? tag.callee : tag);
      if (last === null || FOREIGN.test(last) || dottedNames(tag).some((part) => part !== null && /^(?:styled|css|gql|html)$/.test(part))) return null;
      return { library: origin?.library ?? 'sql', dialect: this.dialectOf(origin), binds: true, executes: true, known: false };
    }
    if (/^\$?(?:queryRaw|executeRaw)$/.test(name) || /^Prisma$/.test(lastName(root) ?? '')) {
      return { library: 'prisma', dialect: this.dialect, binds: true, executes: name !== 'sql', known: true };
    }
    const own = origin ?? this.onlyTagPackage();
    return { library: own?.library ?? 'sql', dialect: this.dialectOf(origin), binds: true, executes: own ? own.executes ?? false : null, known: true };
  }

  /** A tag that joins its template to a plain string: `String.raw`, dedent, or a `sql` defined as one in this file. */
  isPlainTag(node: Node): boolean {
    return this.plainTag(node) !== null;
  }

  /** Is this a function that only lays out the string that it is given (`dedent('..')`)? */
  isLayout(callee: Node): boolean {
    const name = callee.type === 'Identifier' ? callee.name : null;
    return name !== null && PLAIN.test(name) && this.plainTag(callee) !== null;
  }

  /** Whether such a tag takes escapes as they are written (`raw`) or not; null for other tags. */
  plainTag(node: Node): 'raw' | 'cooked' | null {
    const tag = unwrap(node), last = lastName(tag);
    if (last === null) return null;
    if (isStringRaw(tag)) return 'raw';
    if (tag.type !== 'Identifier') return null;
    const definition = this.names.definition(tag), made = definition?.type === 'FunctionName' ? definition.node : definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' ? definition.node.init : null;
    if (made) {
      const inner = unwrap(made);
      if (isStringRaw(inner)) return 'raw';
      if (isFunction(inner)) return inner.params[1]?.type === 'RestElement' ? joinsStrings(this.text.slice(...inner.range)) : null;
    }
    return PLAIN.test(last) && !this.tagNames.has(last) ? 'cooked' : null;
  }

  /** The SQL name of a tag (`sql`, `$queryRaw`), or null where neither its name nor its origin says that it holds SQL. */
  private tagName(node: Node): string | null {
    const tag = unwrap(node);
    if (tag.type === 'CallExpression') {
      const callee = unwrap(tag.callee);
      return callee.type === 'MemberExpression' && VARIANT.test(propertyName(callee) ?? '') ? this.tagName(callee.object) : null;
    }
    const last = lastName(tag);
    if (last !== null && this.tagNames.has(last)) return last;
    if (tag.type === 'MemberExpression') {
      if (VARIANT.test(last ?? '')) return this.tagName(tag.object);
      const made = STORE.test(last ?? '') ? this.factoryOf(tag.object) : null;
      if (made === 'createTagStore') return 'sql';
      return isNamed(tag, this.further.tags) ? last : null;
    }
    return this.factoryOf(tag) !== null ? 'sql' : null;
  }

  /** The factory that made the value of a name (`const db = postgres(..)`), or of which callback it is the parameter. */
  private factoryOf(node: Node): string | null {
    const identifier = unwrap(node);
    if (identifier.type !== 'Identifier') return null;
    const definition = this.names.definition(identifier);
    if (definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.init) {
      const made = call(definition.node.init), name = made && lastName(made.callee);
      return name && FACTORY.test(name) ? name : null;
    }
    if (definition?.type === 'Parameter' && isFunction(definition.node) && definition.node.params[0] === definition.name) {
      const parent = parentOf(definition.node);
      const name = parent?.type === 'CallExpression' ? lastName(parent.callee) : null;
      return name && SCOPED.test(name) ? name : null;
    }
    return null;
  }

  /** Does this callee run the SQL text that it is given? */
  isVerb(callee: Node): boolean {
    const name = lastName(callee);
    return name !== null && (VERB.test(name) || isNamed(callee, this.further.calls));
  }

  /** Is this name a SQL tag, called or used as one (`sql('users')`, `sql.join(..)`)? */
  isTagName(node: Node): boolean {
    return this.tagName(node) !== null && !this.isPlainTag(node);
  }

  /** The package that a name comes from: by import, by the import of what made it, or by what is well known (`Prisma`, `knex`). */
  packageOf(root: Node, depth = 0): Package | null {
    if (root.type !== 'Identifier' || depth > 4) return null;
    const origin = this.names.origin(root);
    if (origin) return packageOf(origin.module);
    const definition = this.names.definition(root);
    if (definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.init) {
      const init = call(definition.node.init);
      return init ? this.packageOf(rootOf(init.callee), depth + 1) : null;
    }
    if (definition?.type === 'Parameter' && isFunction(definition.node)) {
      const parent = parentOf(definition.node);
      return parent?.type === 'CallExpression' ? this.packageOf(rootOf(parent.callee), depth + 1) : null;
    }
    return null;
  }

  private dialectOf(origin: Package | null): Dialect | null {
    return origin?.dialect ? known(origin.dialect) : this.dialect;
  }

  /** The package of the tags of this file where the tag's own import does not tell: the only imported one that has tags. */
  private onlyTagPackage(): Package | null {
    const withTags = this.packages.filter(({ library }) => /^(?:drizzle|kysely|slonik|databases|postgres|neon|vercel|prisma)$/.test(library));
    return new Set(withTags.map(({ library }) => library)).size === 1 ? withTags[0]! : null;
  }

  /** The library of a driver's call: by the receiver's import, else by its name, else by what the file imports. */
  libraryOfCall(callee: Node): { readonly library: string; readonly dialect: Dialect | null } {
    const names = dottedNames(callee).map((name) => (name ?? '').toLowerCase()), verb = names.at(-1) ?? '';
    const origin = this.packageOf(rootOf(callee));
    const dialect = this.dialectOf(origin);
    if (/^\$(?:query|execute)raw/.test(verb)) return { library: 'prisma', dialect };
    if (origin && origin.library !== 'sql') return { library: origin.library, dialect };
    const receiver = names.slice(0, -1).join('.');
    if (/sequelize|queryinterface/.test(receiver) || verb === 'literal') return { library: 'sequelize', dialect };
    if (/knex|trx/.test(receiver) || (verb === 'raw' && !/sql|prisma/.test(receiver))) return { library: 'knex', dialect };
    if (/queryrunner|datasource|entitymanager|manager|repository/.test(receiver)) return { library: 'typeorm', dialect };
    const imported = new Set(this.packages.map(({ library }) => library));
    return { library: imported.size === 1 ? [...imported][0]! : 'sql', dialect };
  }
}

/** Is the expression one of these names, dotted ones from their end (`db.sql` for `this.db.sql`)? */
function isNamed(node: Node, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const path = `.${dottedNames(node).join('.')}`;
  return names.some((name) => path.endsWith(`.${name}`));
}

const known = (dialect: Dialect | 'other'): Dialect | null => (dialect === 'other' ? null : dialect);

function call(node: Node): TSESTree.CallExpression | TSESTree.NewExpression | null {
  const made = unwrap(node);
  if (made.type === 'AwaitExpression') return call(made.argument);
  return made.type === 'CallExpression' || made.type === 'NewExpression' ? made : null;
}

/** Does a tag function of this file put its template together as text, without placeholders for the values? */
function joinsStrings(source: string): 'raw' | 'cooked' | null {
  if (/\bString\.raw\b/.test(source)) return 'raw';
  return /\.(?:reduce|join|map)\(/.test(source) && !/[$?:@]['"`]|\$\$\{|\bvalues\b\s*[,}:]|\bparams\b\s*[,}:]/.test(source) ? 'cooked' : null;
}

function isStringRaw(node: Node): boolean {
  return node.type === 'MemberExpression' && propertyName(node) === 'raw' && lastName(node.object) === 'String';
}

/** Modules whose types the file imports. */
function typeModules(program: TSESTree.Program): string[] {
  return program.body.flatMap((statement) => (statement.type === 'ImportDeclaration' && statement.importKind === 'type' ? [statement.source.value] : []));
}

/** Modules that the file imports or requires at its top level, in order. */
function importedModules(program: TSESTree.Program): string[] {
  const modules: string[] = [];
  const required = (node: Node | null): void => {
    const made = node && unwrap(node);
    if (!made) return;
    if (made.type === 'CallExpression') {
      const [argument] = made.arguments;
      if (made.callee.type === 'Identifier' && made.callee.name === 'require' && argument?.type === 'Literal' && typeof argument.value === 'string') modules.push(argument.value);
      else required(made.callee);
    } else if (made.type === 'MemberExpression') required(made.object);
  };
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration' && statement.importKind !== 'type') modules.push(statement.source.value);
    else if (statement.type === 'VariableDeclaration') statement.declarations.forEach((declaration) => required(declaration.init));
  }
  return modules;
}

/** Methods that run a SQL text, whatever object they are called on. */
const VERB = new RegExp(`^(?:${[
  // any driver
  'query', 'execute', 'exec', 'prepare', 'raw', 'run', 'all', 'get', 'each', 'iterate', 'batch', 'stream', 'unsafe', 'queryStream', 'queryArray', 'queryObject',
  // pg-promise, slonik and their like
  'none', 'one', 'oneOrNone', 'many', 'manyOrNone', 'any', 'result', 'multi', 'multiResult', 'map', 'task', 'maybeOne', 'oneFirst', 'maybeOneFirst', 'anyFirst', 'manyFirst', 'exists',
  // Prisma, Sequelize and helpers around drivers
  '\\$queryRawUnsafe', '\\$executeRawUnsafe', '\\$queryRaw', '\\$executeRaw', 'queryRawUnsafe', 'executeRawUnsafe', 'literal', 'command', 'addSql',
  '(?:run|exec|execute|do|db|sql|raw|pg|mysql|sqlite|get|fetch|select|async|pool|safe)(?:Raw|Sql|SQL|Query|Statement)(?:Async|One|Many|Row|Rows|All|First)?',
  'query(?:One|Many|Row|Rows|All|First|Single|Async|Raw|Db|DB|OneRow|ZeroOrOneRow|Scalar|Validated\\w*|Optional\\w*)', '(?:execute|exec|run|get|all|each|prepare)Async', 'callRow', 'callAsync',
].join('|')})$`);

/** Is the name one that other objects than drivers have too (`map.get('x')`, `list.map(f)`)? Then the text itself must look like a statement. */
export function isGenericVerb(name: string): boolean {
  return /^(?:run|all|get|each|iterate|batch|stream|none|one|oneOrNone|many|manyOrNone|any|result|multi|multiResult|map|task|maybeOne|exists|command|literal|exec)$/.test(name);
}

/** Classes that take a SQL text: pg's `Query`, `Cursor`, `QueryStream`, pg-promise's prepared statements. */
export function isStatementClass(name: string): boolean {
  return /^(?:PreparedStatement|ParameterizedQuery|Query|Cursor|QueryStream)$/.test(name);
}

/** Properties that hold the SQL text where a driver takes an object: pg's `text`, mysql2's and libSQL's `sql`, BigQuery's and Sequelize's `query`. */
export const TEXT_PROPERTIES: readonly string[] = ['text', 'sql', 'query', 'statement'];
