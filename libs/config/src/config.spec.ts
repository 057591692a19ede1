import { StartupError } from './startup-error.js';
import {
  eventStoreUrl,
  hostPorts,
  httpUrl,
  oneOf,
  port,
  postgresUrl,
  readConfig,
  region,
  someOf,
  token,
} from './index.js';

const schema = {
  REGION: region({ desc: '区域', example: 'xianyang' }),
  DATABASE_URL: postgresUrl({ desc: '数据库', example: 'postgres://u:p@127.0.0.1:5432/d' }),
  URL: httpUrl({ default: 'http://127.0.0.1:3000', desc: '地址', example: 'http://127.0.0.1:3000' }),
  TOKEN: token({ default: undefined, desc: '令牌', example: 'eyJ' }),
  KAFKA_BROKERS: hostPorts({ default: undefined, desc: 'Kafka', example: '127.0.0.1:9092' }),
  PORT: port({ default: 3001, desc: '端口', example: '3001' }),
  EVENTS: eventStoreUrl({ default: undefined, desc: '事件库', example: 'esdb://127.0.0.1:2113?tls=false' }),
  STORE: oneOf('a', 'b')({ default: 'a', desc: '库', example: 'a' }),
  ROLES: someOf('x', 'y')({ default: ['x'], desc: '职责', example: 'x,y' }),
};
const good = { REGION: 'xianyang', DATABASE_URL: 'postgres://liandong:hunter2@127.0.0.1:5432/xianyang' };

const refusal = (environment: Record<string, string | undefined>): string => {
  try {
    readConfig(schema, { ...good, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as StartupError).message;
  }
  throw new Error('was accepted');
};

it('reads what is set; what is set to nothing is not set', () => {
  const set = { KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093', PORT: '0', URL: ' ', ROLES: 'x, y', PATH: '/bin' };
  expect(readConfig(schema, { ...good, ...set })).toEqual({
    ...good,
    URL: 'http://127.0.0.1:3000',
    TOKEN: undefined,
    KAFKA_BROKERS: ['kafka-1:9092', '[::1]:9093'],
    PORT: 0,
    EVENTS: undefined,
    STORE: 'a',
    ROLES: ['x', 'y'],
  });
});

it.each([
  'esdb://127.0.0.1:2113?tls=false',
  'esdb://admin:change%21it@a.example:2113,b.example:2113,c.example/?tls=true&nodePreference=leader',
  'esdb+discover://cluster.example',
])('takes %s for a place of events', (url) => {
  expect(readConfig(schema, { ...good, EVENTS: url }).EVENTS).toBe(url);
});

it('names every variable at fault, what is wrong and an example', () => {
  expect(refusal({ REGION: 'Xian Yang', DATABASE_URL: undefined })).toBe(`配置有误：
  REGION（区域）须为小写字母、数字或连字符 (must be lower-case letters, digits or hyphens)
    例如 for example: REGION=xianyang
  DATABASE_URL（数据库）未设置 (is not set)
    例如 for example: DATABASE_URL=postgres://u:p@127.0.0.1:5432/d
  The configuration is wrong: set the variables above and start again.`);
});

it.each([
  ['REGION', '-xianyang'],
  ['DATABASE_URL', 'mysql://root:hunter2@127.0.0.1/xianyang'],
  ['DATABASE_URL', 'postgres://liandong:hunter2@127.0.0.1'],
  ['DATABASE_URL', 'hunter2'],
  ['URL', 'ftp://127.0.0.1'],
  ['URL', 'http://user:hunter2@127.0.0.1'],
  ['URL', 'http://127.0.0.1/?token=hunter2'],
  ['TOKEN', 'hunter2\nX-Evil: 1'],
  ['KAFKA_BROKERS', 'hunter2'],
  ['KAFKA_BROKERS', '127.0.0.1:9092,'],
  ['KAFKA_BROKERS', '127.0.0.1:99999'],
  ['PORT', '3001.5'],
  ['PORT', '65536'],
  ['EVENTS', 'http://admin:hunter2@127.0.0.1:2113'],
  ['EVENTS', 'esdb://admin:hunter2@a:2113,,b'],
  ['STORE', 'hunter2'],
  ['ROLES', 'x,hunter2'],
])('refuses %s=%j and does not repeat it', (name, value) => {
  const message = refusal({ [name]: value });
  expect(message.split('\n')[1]).toMatch(new RegExp(`^  ${name}（.+）须为`));
  expect(message).not.toContain('hunter2');
});
