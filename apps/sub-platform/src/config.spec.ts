import { readConfig } from './config.js';
import { StartError } from './start-error.js';

const good = {
  REGION: 'xianyang',
  DATABASE_URL: 'postgres://liandong:hunter2@127.0.0.1:5432/xianyang',
  PROVINCE_TOKEN: 'eyJhbGciOiJFUzI1NiJ9.e30.abc_-',
};

const refusal = (environment: Record<string, string | undefined>): StartError => {
  try {
    readConfig({ ...good, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return error as StartError;
  }
  throw new Error('was accepted');
};

describe('the configuration', () => {
  it('needs region, database and token, and has defaults for the rest', () => {
    expect({ ...readConfig({ ...good, PATH: '/bin' }) }).toEqual({
      ...good,
      PROVINCE_URL: 'http://127.0.0.1:3000',
      PORT: 3001,
      HOST: '127.0.0.1',
      KAFKA_BROKERS: undefined,
    });
  });

  it('reads what is set; what is set to nothing is not set', () => {
    const set = { KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093', PORT: '0', HOST: '::1', PROVINCE_URL: ' ' };
    expect(readConfig({ ...good, ...set })).toMatchObject({
      KAFKA_BROKERS: ['kafka-1:9092', '[::1]:9093'],
      PORT: 0,
      HOST: '::1',
      PROVINCE_URL: 'http://127.0.0.1:3000',
    });
    expect(readConfig({ ...good, KAFKA_BROKERS: '' }).KAFKA_BROKERS).toBeUndefined();
  });

  it('names each variable at fault, what is wrong and an example, Chinese first', () => {
    const { message, exitCode } = refusal({ REGION: 'Xian Yang', DATABASE_URL: undefined });
    expect(exitCode).toBe(78);
    expect(message).toBe(`分平台未启动，配置有误：
  REGION 须为 1—63 位小写字母、数字或连字符，首尾不能是连字符，例如 REGION=xianyang
  DATABASE_URL 未设置，例如 DATABASE_URL=postgres://user:password@127.0.0.1:5432/xianyang
  The sub-platform did not start; its configuration is wrong:
  REGION must be 1–63 lower-case letters, digits or hyphens, with no hyphen at either end, for example REGION=xianyang
  DATABASE_URL is not set, for example DATABASE_URL=postgres://user:password@127.0.0.1:5432/xianyang`);
  });

  it.each([
    ['REGION', '-xianyang'],
    ['DATABASE_URL', 'mysql://root:hunter2@127.0.0.1/xianyang'],
    ['DATABASE_URL', 'postgres://liandong:hunter2@127.0.0.1'],
    ['DATABASE_URL', 'hunter2'],
    ['PROVINCE_URL', '127.0.0.1:3000'],
    ['PROVINCE_URL', 'ftp://127.0.0.1'],
    ['PROVINCE_URL', 'http://user:hunter2@127.0.0.1'],
    ['PROVINCE_URL', 'http://127.0.0.1/?token=hunter2'],
    ['PROVINCE_TOKEN', 'hunter2\nX-Evil: 1'],
    ['KAFKA_BROKERS', 'hunter2'],
    ['KAFKA_BROKERS', '127.0.0.1:9092,'],
    ['KAFKA_BROKERS', '127.0.0.1:99999'],
    ['PORT', '3001.5'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', 'hunter2'],
    ['HOST', 'http://hunter2'],
  ])('refuses %s=%j and does not repeat it', (name, value) => {
    const { message } = refusal({ [name]: value });
    expect(message.split('\n')[1]).toMatch(new RegExp(`^  ${name} 须为.+例如 ${name}=`));
    expect(message).not.toContain('hunter2');
    expect(message.split('\n')).toHaveLength(4);
  });
});
