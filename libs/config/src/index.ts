import { cleanEnv, makeValidator, type ValidatorSpec } from 'envalid';
import { StartupError } from '#libs/local';

export { port, str } from 'envalid';

type Schema = Readonly<Record<string, ValidatorSpec<unknown>>>;
type Values<S extends Schema> = { readonly [K in keyof S]: S[K] extends ValidatorSpec<infer T> ? T : never };

/** `host:port`, one or several with commas. */
export const hostPorts = makeValidator<string[]>((input) => {
  const list = input.split(',').map((item) => item.trim());
  const bad = list.find((item) => {
    const [, digits] = /^(?:\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(item) ?? [];
    return digits === undefined || Number(digits) < 1 || Number(digits) > 65_535;
  });
  if (bad !== undefined) throw new TypeError(`「${bad}」不是 主机:端口 ("${bad}" is not host:port)`);
  return list;
});

/** A URL with one of the given schemes. Its text may hold a password and is never repeated in a message. */
export const urlOf = (...schemes: string[]) =>
  makeValidator<string>((input) => {
    const scheme = URL.canParse(input) ? new URL(input).protocol.slice(0, -1) : undefined;
    if (scheme === undefined || !schemes.includes(scheme)) {
      throw new TypeError(`须以 ${schemes.join(' 或 ')}:// 开头 (must be a ${schemes.join(' or ')} URL)`);
    }
    return input;
  });

/** Several names out of a list, with commas. */
export const someOf = <T extends string>(...names: readonly T[]) =>
  makeValidator<T[]>((input) => {
    const list = input.split(',').map((item) => item.trim());
    const bad = list.find((item) => !names.includes(item as T));
    if (bad !== undefined) {
      throw new TypeError(`「${bad}」不在可选值中：${names.join('、')} ("${bad}" is not one of ${names.join(', ')})`);
    }
    return list as T[];
  });

/** A region's slug. */
export const region = makeValidator<string>((input) => {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(input)) {
    throw new TypeError('须为小写字母、数字或连字符 (must be lower-case letters, digits or hyphens)');
  }
  return input;
});

/**
 * The settings of a process, from its environment.
 *
 * @throws StartupError naming each variable, what is wrong with it, and an example
 */
export function readConfig<S extends Schema>(schema: S, environment: NodeJS.ProcessEnv = process.env): Values<S> {
  // A plain object: envalid's own throws on any property it does not know, and Nest looks for some.
  const values = cleanEnv(environment, schema as Record<string, ValidatorSpec<unknown>>, {
    reporter: ({ errors }) => {
      const lines = Object.entries(errors).map(([variable, error]) => {
        const { desc, example } = schema[variable] as { desc?: string; example?: string };
        const missing = environment[variable] === undefined;
        const what = missing ? '未设置 (not set)' : (error as Error).message;
        return `  ${variable}（${desc ?? ''}）：${what}\n    例 example: ${variable}=${example ?? ''}`;
      });
      if (lines.length > 0) {
        throw new StartupError(
          `配置有误：\n${lines.join('\n')}`,
          'The configuration is wrong: set the variables above and start again.',
        );
      }
    },
  });
  return { ...values } as Values<S>;
}
