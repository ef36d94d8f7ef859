/**
 * English plurals and singulars of models' names, as Sequelize forms them for tables and associations. The words of real models are few
 * and regular; `tests/schema/pluralise.test.ts` holds them against the library that Sequelize asks.
 */

const UNCOUNTABLE: ReadonlySet<string> = new Set([
  'advice', 'cash', 'clothing', 'compensation', 'deer', 'equipment', 'expertise', 'food', 'furniture', 'garbage', 'gold', 'hardware', 'help', 'homework', 'information', 'internet',
  'jewelry', 'knowledge', 'legislation', 'luggage', 'money', 'moose', 'music', 'news', 'physics', 'research', 'rice', 'series', 'sheep', 'software', 'species', 'traffic', 'transportation', 'weather',
]);

/** The first that matches says what the end becomes. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/((?:child)ren|people|data|media|criteria)$/i, '$1'], [/^((?:wo)?m)en$/i, '$1en'],
  [/^((?:wo)?m)an$/i, '$1en'], [/(p)erson$/i, '$1eople'], [/(child)$/i, '$1ren'], [/(criteri)on$/i, '$1a'],
  [/(buffal|tomat|potat)o$/i, '$1oes'], [/(dat|medi|stadi|strat)um$/i, '$1a'], [/sis$/i, 'ses'], [/([lr])f$/i, '$1ves'], [/([^aeof])fe$/i, '$1ves'], [/(shel|hal)f$/i, '$1ves'],
  [/([^aeiouy]|qu)y$/i, '$1ies'], [/(matr|vert|ind)(?:ix|ex)$/i, '$1ices'], [/(m|l)ouse$/i, '$1ice'], [/(quiz)$/i, '$1zes'],
  [/(x|ch|ss|sh)$/i, '$1es'], [/(alias|status|virus|bus|bonus|campus|octopus|canvas)$/i, '$1es'], [/s$/i, 's'], [/$/, 's'],
];

const SINGULARS: readonly (readonly [RegExp, string])[] = [
  [/^((?:wo)?m)en$/i, '$1an'], [/(p)eople$/i, '$1erson'], [/(child)ren$/i, '$1'], [/(database)s$/i, '$1'], [/(analy|ba|diagno|parenthe|progno|synop|the|cri|hypothe)ses$/i, '$1sis'],
  [/(criteri)a$/i, '$1on'], [/(dat|[ae]di)a$/i, '$1um'], [/(movie|cookie|zombie|curve|drive|hive|archive|move|solve|glove)s$/i, '$1'], [/(wi|li|kni)ves$/i, '$1fe'], [/([lr])ves$/i, '$1f'], [/([^aeiouy]|qu)ies$/i, '$1y'],
  [/(quiz)zes$/i, '$1'], [/(matr|append)ices$/i, '$1ix'], [/(vert|ind)ices$/i, '$1ex'], [/(m|l)ice$/i, '$1ouse'], [/(tomat|potat|buffal)oes$/i, '$1o'], [/(x|ch|ss|sh)es$/i, '$1'],
  [/(alias|status|virus|bus|bonus|campus|octopus|canvas)(?:es)?$/i, '$1'], [/(ss|[^n]us|is)$/i, '$1'], [/s$/i, ''],
];

function inflect(word: string, rules: readonly (readonly [RegExp, string])[]): string {
  if (UNCOUNTABLE.has(word.toLowerCase())) return word;
  const rule = rules.find(([end]) => end.test(word));
  return rule ? word.replace(rule[0], rule[1]) : word;
}

/** `User` → `Users`, `Category` → `Categories`; a plural stays as it is. */
export function plural(word: string): string {
  return inflect(word, PLURALS);
}

/** `Users` → `User`; a singular stays as it is. */
export function singular(word: string): string {
  return inflect(word, SINGULARS);
}

/** `AnalysisResult` → `analysis_result`. */
export function underscored(name: string): string {
  return name.replace(/(?<!^|_)([A-Z])/g, '_$1').toLowerCase();
}
