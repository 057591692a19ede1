import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The JSON form of an event's data: for each path (`basis.document`, `regions[]`) what may stand there, such as
 * `string | null`; `absent` where the member may be left out.
 */
export type Shape = Readonly<Record<string, string>>;

/** The shapes of all stored types, and the file that declares each. */
export type Shapes = Readonly<Record<string, Shape>>;
export type Declared = ReadonlyMap<string, { readonly file: string; readonly shape: Shape }>;

const ROOT = join(__dirname, '..', '..');
const CONTEXTS = join(ROOT, 'libs', 'contexts');
/** Where events are declared beside the contexts: those of processes themselves, and of natural keys. */
const OF_THE_CORE = ['libs/eventing/src/process-manager.ts', 'libs/eventing/src/natural-key.ts'];
const KINDS = ['object', 'array', 'string', 'number', 'boolean', 'null', 'absent'];

/**
 * What the unions of events say today: the exported types whose members have a literal `type` and `data`.
 *
 * @param edited the text of files that are to be read otherwise than they stand, by path from the root
 * @throws Error for data that has no JSON form, or more than one
 */
export function declaredShapes(edited: Readonly<Record<string, string>> = {}): Declared {
  const ofContexts = readdirSync(CONTEXTS, { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.events.ts'),
  );
  const files = [...ofContexts.map((file) => `libs/contexts/${file}`), ...OF_THE_CORE];
  const settings = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...settings, include: [], files: [] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const onDisk = host.readFile.bind(host);
  host.readFile = (file) => edited[relative(ROOT, file)] ?? onDisk(file);
  const program = ts.createProgram({
    rootNames: files.map((file) => join(ROOT, file)),
    options: { ...options, types: [] },
    host,
  });
  const checker = program.getTypeChecker();
  const declared = new Map<string, { file: string; shape: Shape }>();
  for (const file of files) {
    for (const statement of program.getSourceFile(join(ROOT, file))!.statements) {
      if (!ts.isTypeAliasDeclaration(statement)) continue;
      for (const member of partsOf(checker.getTypeAtLocation(statement.name))) {
        const [type, data] = ['type', 'data'].map((name) => member.getProperty(name));
        if (!type || !data) continue;
        for (const name of partsOf(checker.getTypeOfSymbol(type))) {
          if (!name.isStringLiteral()) continue;
          const shape: Record<string, string> = {};
          describe(checker, checker.getTypeOfSymbol(data), '', shape, name.value);
          declared.set(name.value, { file, shape: sorted(shape) });
        }
      }
    }
  }
  return declared;
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

function describe(checker: ts.TypeChecker, type: ts.Type, path: string, shape: Record<string, string>, of: string) {
  const kinds = new Set<string>();
  for (const part of partsOf(type)) {
    const is = (flag: ts.TypeFlags) => (part.flags & flag) !== 0;
    if (is(ts.TypeFlags.StringLike)) kinds.add('string');
    else if (is(ts.TypeFlags.NumberLike)) kinds.add('number');
    else if (is(ts.TypeFlags.BooleanLike)) kinds.add('boolean');
    else if (is(ts.TypeFlags.Null)) kinds.add('null');
    else if (is(ts.TypeFlags.Undefined)) kinds.add('absent');
    else if (!is(ts.TypeFlags.Object | ts.TypeFlags.Intersection) || part.getCallSignatures().length > 0) {
      throw new Error(`${of}: ${path} is ${checker.typeToString(part)}, which has no JSON form`);
    } else if (kinds.has('object') || kinds.has('array')) {
      throw new Error(`${of}: ${path} has more than one form; a stored event has one`);
    } else if (checker.isArrayType(part)) {
      kinds.add('array');
      for (const item of checker.getTypeArguments(part as ts.TypeReference)) {
        describe(checker, item, `${path}[]`, shape, of);
      }
    } else {
      kinds.add('object');
      const values = part.getStringIndexType();
      if (values) describe(checker, values, `${path}{}`, shape, of);
      for (const member of checker.getPropertiesOfType(part)) {
        describe(checker, checker.getTypeOfSymbol(member), below(path, member.name), shape, of);
      }
    }
  }
  if (path !== '') shape[path] = KINDS.filter((kind) => kinds.has(kind)).join(' | ');
}

const below = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** For each committed type that is declared otherwise today: what has changed, and what to do instead. */
export function changedShapes(committed: Shapes, today: Declared): string[] {
  return Object.entries(committed).flatMap(([type, before]) => {
    const { file, shape: now } = today.get(type) ?? { file: 'the *.events.ts of its context', shape: undefined };
    const changes = now
      ? [...new Set([...Object.keys(before), ...Object.keys(now)])]
          .filter((path) => before[path] !== now[path])
          .map((path) => `${path} was ${before[path] ?? 'not there'}, is ${now[path] ?? 'not there'}`)
      : ['it is declared no more'];
    if (changes.length === 0) return [];
    const [, name, version] = /^(.+\.v)(\d+)$/.exec(type)!;
    return [
      `${type} is not as it was committed: ${changes.join('; ')}.\n` +
        `  What is stored does not change. Declare ${type} in ${file} as it was, as superseded; add ` +
        `${name}${Number(version) + 1} with the new shape, an upcaster from one to the other in ` +
        `${now ? basename(file).replace('.events.', '.upcasters.') : '<context>.upcasters.ts'}, and a history: ` +
        'docs/adding-a-version-of-an-event.md.',
    ];
  });
}

/** The committed shapes and those of new types; what is committed stays as it is. */
export function withNewShapes(committed: Shapes, today: Declared): Shapes {
  const all = { ...Object.fromEntries([...today].map(([type, { shape }]) => [type, shape])), ...committed };
  return sorted(all);
}

/** Where stored data departs from its shape. */
export function departures(data: object, shape: Shape): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string): void => {
    const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    const allowed = path === '' ? 'object' : shape[path];
    if (allowed === undefined) found.push(`${path} is not in the shape`);
    else if (!allowed.split(' | ').includes(kind)) found.push(`${path} is ${kind}, not ${allowed}`);
    else if (kind === 'array') for (const item of value as unknown[]) visit(item, `${path}[]`);
    else if (kind === 'object') {
      const keys = Object.keys(value as object);
      for (const key of keys) {
        const named = below(path, key);
        visit(
          (value as Record<string, unknown>)[key],
          named in shape ? named : `${path}{}` in shape ? `${path}{}` : named,
        );
      }
      for (const [member, kinds] of Object.entries(shape)) {
        const key = path === '' ? member : member.startsWith(`${path}.`) ? member.slice(path.length + 1) : '';
        if (/^[^.[{]+$/.test(key) && !keys.includes(key) && !kinds.includes('absent'))
          found.push(`${member} is missing`);
      }
    }
  };
  visit(data, '');
  return found;
}
