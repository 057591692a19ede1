import { Expose, plainToInstance, Transform } from 'class-transformer';
import { IsOptional, Matches, ValidateBy, validateSync, type ValidationOptions } from 'class-validator';
import { CONFIGURATION, StartError } from './start-error.js';

const say = (zh: string, en: string): ValidationOptions => ({ message: `${zh}\n${en}` });

const Form = (name: string, holds: (text: string) => boolean, options: ValidationOptions) =>
  ValidateBy({ name, validator: { validate: (value) => typeof value === 'string' && holds(value) } }, options);

/** The sub-platform's configuration: environment variables, by their own names. */
export class Config {
  /** The city whose feed this is. */
  @Expose()
  @Matches(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    say(
      '须为 1—63 位小写字母、数字或连字符，首尾不能是连字符',
      'must be 1–63 lower-case letters, digits or hyphens, with no hyphen at either end',
    ),
  )
  readonly REGION!: string;

  /** The city's own database. Holds a password: never print it. */
  @Expose()
  @Form(
    'database-url',
    isDatabaseUrl,
    say('须为 PostgreSQL 连接地址，含数据库名', 'must be the URL of a PostgreSQL database'),
  )
  readonly DATABASE_URL!: string;

  @Expose()
  @Form(
    'http-url',
    isHttpUrl,
    say('须为 http 或 https 地址，不带账号、参数', 'must be an http or https URL without credentials or parameters'),
  )
  readonly PROVINCE_URL: string = 'http://127.0.0.1:3000';

  /** The bearer token that the province issued to this city. Secret: never print it. */
  @Expose()
  @Matches(/^[A-Za-z0-9._~+/-]+=*$/, say('须为省平台签发的令牌', 'must be the token that the province issued'))
  readonly PROVINCE_TOKEN!: string;

  /** Brokers to begin with; without them the feed comes over HTTP alone. */
  @Expose()
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((broker) => broker.trim()) : value))
  @ValidateBy(
    { name: 'brokers', validator: { validate: (value) => Array.isArray(value) && value.every(isHostAndPort) } },
    say('须为 主机:端口，多个以逗号分隔', 'must be host:port, several separated by commas'),
  )
  readonly KAFKA_BROKERS?: readonly string[];

  /** 0 takes any free port. */
  @Expose()
  @Transform(({ value }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
  @ValidateBy(
    { name: 'port', validator: { validate: (value) => Number.isInteger(value) && value >= 0 && value <= 65535 } },
    say('须为 0—65535 的整数', 'must be an integer from 0 to 65535'),
  )
  readonly PORT: number = 3001;

  @Expose()
  @Matches(/^[A-Za-z0-9.:-]+$/, say('须为本机的地址或主机名', 'must be an address or name of this machine'))
  readonly HOST: string = '127.0.0.1';
}

const examples: { readonly [Name in keyof Config]-?: string } = {
  REGION: 'xianyang',
  DATABASE_URL: 'postgres://user:password@127.0.0.1:5432/xianyang',
  PROVINCE_URL: 'http://127.0.0.1:3000',
  PROVINCE_TOKEN: 'eyJhbGciOi…',
  KAFKA_BROKERS: '127.0.0.1:9092',
  PORT: '3001',
  HOST: '127.0.0.1',
};

/**
 * What wrong values hold is never repeated: it may be a secret in the wrong place.
 *
 * @throws StartError naming every variable at fault, what is wrong with it, and an example
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(
    Object.entries(environment)
      .map(([name, value]) => [name, value?.trim()])
      .filter(([, value]) => value),
  );
  const config = plainToInstance(Config, set, { excludeExtraneousValues: true, exposeDefaultValues: true });
  const errors = validateSync(config);
  if (errors.length === 0) return config;
  const lines = errors.map(({ property, constraints = {} }) => {
    const example = `${property}=${examples[property as keyof Config]}`;
    const [zh, en] = property in set ? (Object.values(constraints)[0] ?? '').split('\n') : ['未设置', 'is not set'];
    return [`${property} ${zh}，例如 ${example}`, `${property} ${en}, for example ${example}`] as const;
  });
  throw new StartError(
    CONFIGURATION,
    `分平台未启动，配置有误：\n  ${lines.map(([zh]) => zh).join('\n  ')}`,
    `The sub-platform did not start; its configuration is wrong:\n  ${lines.map(([, en]) => en).join('\n  ')}`,
  );
}

function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1;
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

function isHostAndPort(text: string): boolean {
  const port = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65535;
}
