import { queryOptions } from '@tanstack/react-query';
import type { Said } from '../api/catalogue';
import { get } from '../api/http';

/** A field of a command as `/openapi.json` describes it; what people read of it is in its extensions. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example?: unknown;
  readonly description?: string;
  readonly 'x-text'?: Said & { readonly help?: Said };
  readonly 'x-values'?: Readonly<Record<string, Said>>;
  readonly 'x-look-up'?: string;
  readonly 'x-new'?: boolean;
  readonly 'x-codes'?: string;
  readonly 'x-unit'?: Said;
  readonly 'x-money'?: boolean;
  readonly 'x-earliest'?: string;
  readonly 'x-latest'?: string;
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post?: {
          readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const openApiQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: ({ signal }) => get<OpenApi>('/openapi.json', {}, signal),
  staleTime: Infinity,
  meta: { still: true },
});

/** One input of a form: a field, or a part of one, by its path (`basis.document`). */
export interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly label: Said;
  readonly help?: Said;
  readonly required: boolean;
  /** The field whose part it is, where it is one. */
  readonly of?: { readonly label: Said; readonly required: boolean };
}

function resolved(api: OpenApi, schema: Schema): Schema {
  if (schema.$ref) return resolved(api, api.components.schemas[schema.$ref.split('/').at(-1)!]!);
  if (schema.allOf?.length === 1) return { ...resolved(api, schema.allOf[0]!), ...schema, allOf: undefined };
  return schema;
}

/** The inputs of a command, in the order in which it is described. */
export function fieldsOf(api: OpenApi, path: string): Field[] {
  const body = api.paths[path]?.post?.requestBody?.content['application/json']?.schema;
  if (body === undefined) return [];
  const { properties = {}, required = [] } = resolved(api, body);
  return Object.entries(properties).flatMap(([name, written]): Field[] => {
    const schema = resolved(api, written);
    const of = { label: labelOf(name, schema), required: required.includes(name) };
    if (schema.type !== 'object' || !schema.properties) return [fieldOf(name, schema, of.required)];
    return Object.entries(schema.properties).map(([part, inner]) => ({
      ...fieldOf(`${name}.${part}`, resolved(api, inner), schema.required?.includes(part) ?? false),
      of,
    }));
  });
}

const labelOf = (name: string, schema: Schema): Said =>
  schema['x-text'] ?? { zh: schema.description ?? name, en: name };

const fieldOf = (path: string, schema: Schema, required: boolean): Field => ({
  path,
  schema,
  label: labelOf(path, schema),
  help: schema['x-text']?.help,
  required,
});

/** What has been typed, by path. Several values of one field are lines of one text. */
export type Values = Readonly<Record<string, string>>;

/** The body that the values say; what is empty is left out. */
export function bodyOf(fields: readonly Field[], values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const text = values[field.path]?.trim() ?? '';
    if (text === '') continue;
    const [name, part] = field.path.split('.') as [string, string?];
    if (part === undefined) body[name] = valueOf(field.schema, text);
    else body[name] = { ...(body[name] as object | undefined), [part]: valueOf(field.schema, text) };
  }
  return body;
}

function valueOf({ type, items, ...schema }: Schema, text: string): unknown {
  if (type === 'array')
    return text
      .split(/[\n,，、\s]+/)
      .filter(Boolean)
      .map((one) => valueOf(items ?? {}, one));
  if (type === 'boolean') return text === 'true';
  if (schema['x-money']) return fenOf(text) ?? text;
  if (type === 'integer' || type === 'number') return Number.isNaN(Number(plain(text))) ? text : Number(plain(text));
  return text;
}

/** Full-width digits as their keyboards write them, without the separators of thousands. */
const plain = (text: string) => text.normalize('NFKC').replaceAll(/[,，\s]/g, '');

/** 元 with up to two decimals as integer 分, exactly; undefined for what is none. */
export function fenOf(yuan: string): number | undefined {
  const [, sign = '', whole = '', cents = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(plain(yuan)) ?? [];
  if (whole === '') return undefined;
  const fen = Number(`${sign}${whole}${cents.padEnd(2, '0')}`);
  return Number.isSafeInteger(fen) ? fen : undefined;
}
