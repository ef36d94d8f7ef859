/**
 * Databases whose SQL no dialect of the parser comes near to. A text of theirs that cannot be read as it is will not become readable by repairs,
 * nor in another dialect: it is given up with the first failure, because each further one costs milliseconds.
 */

/**
 * ClickHouse: parameters with types, its clauses, and functions in camel case, which it tells from others by their case
 * (ClickHouse docs: "SQL Reference", "Defining and using query parameters", "Functions").
 */
const CLICKHOUSE = new RegExp([
  String.raw`\{\s*\w+\s*:\s*(?:U?Int\d+|Float\d+|(?:Fixed)?String|Bool|Date(?:32|Time(?:64)?)?|UUID|IPv[46]|Decimal\d*|Array|Map|Tuple|Nullable|LowCardinality|Identifier|Enum\d*)\b`,
  String.raw`\bPREWHERE\b`,
  String.raw`\bFORMAT\s+(?:JSON|CSV|TSV|TabSeparated|Pretty|Parquet|Native|RowBinary|Vertical)\w*\s*;?\s*$`,
  String.raw`\bSETTINGS\s+\w+\s*=`,
  String.raw`\bENGINE\s*=\s*\w*MergeTree\b`,
  String.raw`\bGLOBAL\s+(?:NOT\s+)?IN\b`,
  String.raw`\b(?:ARRAY|ASOF|ANY|SEMI|ANTI)\s+(?:LEFT\s+|INNER\s+)?JOIN\b`,
  String.raw`\bLIMIT\s+\d+\s+BY\b`,
  String.raw`\bAS\s+(?:DateTime64|LowCardinality|Nullable|UInt\d+|Int\d+|Float\d+)\b`,
  String.raw`\b(?:toStartOf[A-Z]\w+|toUnixTimestamp\w*|fromUnixTimestamp64\w+|toDateTime(?:64)?|toU?Int\d+\w*|toFloat\d+\w*|toYYYY\w+|parseDateTime\w+|arrayJoin|array[A-Z]\w+|groupArray\w*|groupUniqArray\w*`
  + String.raw`|(?:count|sum|avg|min|max|any|uniq\w*|argMin|argMax|quantile\w*)(?:If|Merge|State)|uniqExact|uniqCombined\w*|argMax|argMin|quantiles?[A-Z]?\w*|anyLast|multiIf|tupleElement|mapKeys|mapValues|JSONExtract\w+)\s*\(`,
].join('|'));

/** The database whose SQL a text is written in, or null where it may be of any that is read here. */
export function otherLanguage(text: string): string | null {
  return CLICKHOUSE.test(text) ? 'ClickHouse' : null;
}
