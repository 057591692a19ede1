import { host, hostPorts, httpUrl, port, postgresUrl, readConfig, region, token } from '#libs/config';

/** Every setting of a city's sub-platform. */
const schema = {
  REGION: region({ desc: '本市（区）标识', example: 'xianyang' }),
  DATABASE_URL: postgresUrl({
    desc: '本市自己的 PostgreSQL',
    example: 'postgres://user:password@127.0.0.1:5432/xianyang',
  }),
  PROVINCE_URL: httpUrl({ default: 'http://127.0.0.1:3000', desc: '省级平台', example: 'http://127.0.0.1:3000' }),
  PROVINCE_TOKEN: token({ desc: '省平台签发的令牌', example: 'eyJhbGciOi…' }),
  KAFKA_BROKERS: hostPorts({ default: undefined, desc: 'Kafka 地址；设置后经 Kafka 接收', example: '127.0.0.1:9092' }),
  HOST: host({ default: '127.0.0.1', desc: '监听地址', example: '127.0.0.1' }),
  PORT: port({ default: 3001, desc: '监听端口', example: '3001' }),
};

export const readCityConfig = (environment?: NodeJS.ProcessEnv) => readConfig(schema, environment);
export type Config = ReturnType<typeof readCityConfig>;
