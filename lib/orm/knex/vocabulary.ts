/** The names of Knex's methods, by what they do to a statement (knex 3, `lib/query/querybuilder.js`). */

/** `leftOuterJoin` and its like. */
export const JOIN = /^(left|right|full|inner|outer|cross)?(?:Outer)?[jJ]oin$/;
/** `where`, `orWhereNotIn`, `andHaving`: the connective, the clause and what it asks. */
export const CONDITION = /^(and|or)?([wW]here|[hH]aving)(Not)?((?:Null|In|Exists|Between|Raw|Column|Like|ILike|Ref|Val|Wrapped|Json\w*|InComposite|Composite|NotNull|NotIn|NotExists|NotBetween|NotColumn|NotInComposite)?)$/;
/** `on`, `orOnVal`, `andOnNotNull`: a condition of a join's callback. */
export const ON = /^(and|or)?[oO]n(Not)?((?:Null|In|Exists|Between|Val|JsonPathEquals)?)$/;
/** `count`, `sumDistinct`. */
export const AGGREGATE = /^(count|sum|avg|min|max)(Distinct)?$/;
export const SET = /^(union|intersect|except)(?:All)?$/;
export const CTE = /^with(?:Recursive|Materialized|NotMaterialized|Wrapped|RecursiveWrapped)?$/;

/** Methods that change neither which rows a statement reads or writes, nor what it writes. */
export const NEUTRAL: ReadonlySet<string> = new Set([
  'orderBy', 'orderByRaw', 'clearOrder', 'clearSelect', 'clearGroup', 'clearHaving', 'clearCounters', 'forUpdate', 'forShare', 'forNoKeyUpdate', 'forKeyShare', 'skipLocked', 'noWait',
  'transacting', 'timeout', 'debug', 'comment', 'hintComment', 'queryContext', 'connection', 'options', 'clone', 'returning', 'on', 'once', 'off', 'toQuery', 'toString', 'toSQL',
  'toNative', 'rank', 'denseRank', 'rowNumber', 'partitionBy', 'jsonExtract', 'jsonSet', 'jsonInsert', 'jsonRemove', 'cache', 'useNullAsDefault', 'withSchema', 'queryBuilder', 'hint',
]);
/** Methods that run the statement and give its rows. */
export const RUNS: ReadonlySet<string> = new Set(['then', 'catch', 'finally', 'asCallback', 'stream', 'pipe', 'map', 'reduce', 'spread', 'tap', 'bind', 'nodeify', 'return', 'filter', 'each', 'mapSeries']);

/** Methods of other libraries' builders: a chain with one of these is none of Knex. */
export const FOREIGN = /^(?:selectFrom|insertInto|updateTable|deleteFrom|execute(?:TakeFirst(?:OrThrow)?)?|createQueryBuilder|getRepository|getMany|getOne(?:OrFail)?|getRawMany|getRawOne|getCount|getManyAndCount|getResult(?:List)?|getSingleResult|setParameters?|addSelect|leftJoinAndSelect|innerJoinAndSelect|find(?:Many|Unique|First|All|ByPk)\w*|collection|doc|model|populate|exec|eq|neq|gt|gte|lt|lte|is|match|contains|single|maybeSingle|range|textSearch|rpc|equals|anyOf|above|below|toArray|selectAll|\$dynamic|\$count|\$if|\$call|values|prepare|bind|locator|getBy\w+|queryBy\w+|findBy\w+)$/;
/** Methods by which a builder is told from anything else that has methods. */
export const TELLING = /^(?:(?:and|or)?[wW]here\w*|(?:left|right|full|inner|outer|cross)\w*Join|joinRaw|del|onConflict|pluck|orderBy|groupBy|countDistinct|whereRaw|orderByRaw|forUpdate|transacting|returning|increment|decrement|truncate|withRecursive|unionAll|modify|having\w*|distinct)$/;
/** What a Knex instance or transaction is called. */
export const CLIENT = /(?:^|_)(?:knex|db|database|trx|tx|transaction|conn|connection|client|qb|builder|query|read(?:Only)?|write(?:r)?|pg)$|(?:Knex|Db|DB|Database|Trx|Tx|Transaction|Conn|Connection|Read|Write)$/i;
/** Names of callees that take a string which is no table. */
export const NO_TABLE = /^(?:\$|\$\$|_|t|i18n|get|require|import|describe|it|test|expect|cy|screen|page|jest|vi|use\w*|model|collection|emit|on|once|off|has|set|add|log|raw|ref|as|alias|fn|val|env|config|param|header|query|use|inject|resolve|make|child|debug|info|warn|error|createElement|querySelector(?:All)?|getElement\w*|Symbol|String|Array|Buffer|Error)$/;
