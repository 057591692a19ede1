import { cleanEnv, makeValidator, type ValidatorSpec } from 'envalid';
import { StartupError } from './startup-error.js';

export * from './process.js';
export * from './startup-error.js';

type Schema = Readonly<Record<string, ValidatorSpec<unknown>>>;
type Values<S extends Schema> = { readonly [K in keyof S]: S[K] extends ValidatorSpec<infer T> ? T : never };

/**
 * A kind of setting: what it must be, in both languages, and how it is read. What a wrong value holds is never repeated:
 * it may be a secret in the wrong place.
 */
const kind = <T>(zh: string, en: string, read: (text: string) => T | undefined) =>
  makeValidator<T>((text) => {
    const value = read(text);
    if (value === undefined) throw new TypeError(`须为${zh} (must be ${en})`);
    return value;
  });

const matching = (zh: string, en: string, pattern: RegExp) =>
  kind(zh, en, (text) => (pattern.test(text) ? text : undefined));

const within = (text: string, least: number, most: number) =>
  /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;

/** A TCP port; 0 takes any free one. */
export const port = kind(' 0—65535 的整数', 'an integer from 0 to 65535', (text) => within(text, 0, 65_535));

export const text = kind('不含空白的文本', 'text without blanks', (value) => (/\s/.test(value) ? undefined : value));

export const token = matching('令牌', 'a token', /^[A-Za-z0-9._~+/-]+=*$/);

/** A region's slug. */
export const region = matching(
  '小写字母、数字或连字符',
  'lower-case letters, digits or hyphens',
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
);

/** An address or name to listen on. */
export const host = matching('本机的地址或主机名', 'an address or name of this machine', /^[A-Za-z0-9.:-]+$/);

/** Brokers or servers: `host:port`, several with commas. */
export const hostPorts = kind('“主机:端口”，多个以逗号分隔', 'host:port, several with commas', (text) => {
  const list = text.split(',').map((item) => item.trim());
  const good = list.every((item) => {
    const [, digits] = /^(?:\[[0-9a-f:.]+\]|[\w.-]+):(\d+)$/i.exec(item) ?? [];
    return digits !== undefined && within(digits, 1, 65_535) !== undefined;
  });
  return good ? list : undefined;
});

const url = (text: string, ...schemes: string[]) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return parsed && schemes.includes(parsed.protocol.slice(0, -1)) ? parsed : undefined;
};

/** A PostgreSQL database; holds a password. */
export const postgresUrl = kind('带库名的 postgres:// 地址', 'a postgres:// URL with a database', (text) => {
  const parsed = url(text, 'postgres', 'postgresql');
  return parsed?.hostname && parsed.pathname.length > 1 ? text : undefined;
});

export const httpUrl = kind(
  '不带账号、参数的 http(s):// 地址',
  'an http(s) URL without credentials or parameters',
  (text) => {
    const parsed = url(text, 'http', 'https');
    return parsed && `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === '' ? text : undefined;
  },
);

/** Where people reach a service: scheme, host and port, and nothing after them. */
export const origin = kind('不带路径的 http(s):// 地址', 'an http(s) URL without a path', (text) => {
  const parsed = url(text, 'http', 'https');
  return parsed && `${parsed.origin}/` === parsed.href ? parsed.origin : undefined;
});

/** A symmetric key of 256 bits. */
export const key256 = kind(' 32 字节的 base64url', '32 bytes in base64url', (text) =>
  /^[\w-]{43}=?$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : undefined,
);

/** What a client asks an OpenID issuer for (RFC 6749, 3.3). */
export const scope = kind('以空格分隔的 scope，含 openid', 'scopes with blanks between, openid among them', (text) =>
  /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text) && text.split(' ').includes('openid')
    ? text
    : undefined,
);

/** One server, the servers of a cluster with commas, or a name to find them by; may hold a password. */
export const eventStoreUrl = matching(
  'esdb:// 地址',
  'an esdb:// URL',
  /^esdb(\+discover)?:\/\/([^\s@/?]+@)?[\w.-]+(:\d{1,5})?(,[\w.-]+(:\d{1,5})?)*\/?(\?\S*)?$/,
);

export const oneOf = <T extends string>(...names: readonly T[]) =>
  kind(`其中之一：${names.join('、')}`, `one of ${names.join(', ')}`, (text) => names.find((name) => name === text));

/** Several names out of a list, with commas. */
export const someOf = <T extends string>(...names: readonly T[]) =>
  kind(`其中若干，以逗号分隔：${names.join('、')}`, `some of ${names.join(', ')}, with commas`, (text) => {
    const list = text.split(',').map((item) => item.trim());
    return list.every((item) => names.includes(item as T)) ? (list as T[]) : undefined;
  });

/**
 * The settings of a process, from its environment; a variable that is set to nothing is not set.
 *
 * @throws StartupError naming each variable at fault, what is wrong with it, and an example
 */
export function readConfig<S extends Schema>(schema: S, environment: NodeJS.ProcessEnv = process.env): Values<S> {
  const set = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const values = cleanEnv(set, schema as Record<string, ValidatorSpec<unknown>>, {
    reporter: ({ errors }) => {
      const lines = Object.entries(errors).map(([variable, error]) => {
        const { desc, example } = schema[variable] as { desc?: string; example?: string };
        const what = variable in set ? (error as Error).message : '未设置 (is not set)';
        return `  ${variable}（${desc}）${what}\n    例如 for example: ${variable}=${example}`;
      });
      if (lines.length === 0) return;
      throw new StartupError(
        `配置有误：\n${lines.join('\n')}`,
        'The configuration is wrong: set the variables above and start again.',
      );
    },
  });
  // A plain object: envalid's own throws on any property it does not know, and Nest looks for some.
  return { ...values } as Values<S>;
}
