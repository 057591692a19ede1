import { hostPorts, port, readConfig, someOf, str, urlOf } from '#libs/config';

const roles = someOf('api', 'projector', 'relay');

/** Every setting of the provincial platform. */
export const schema = {
  HOST: str({ default: '127.0.0.1', desc: '监听地址', example: '0.0.0.0' }),
  PORT: port({ default: 3000, desc: '监听端口', example: '3000' }),
  DATABASE_URL: urlOf(
    'postgres',
    'postgresql',
  )({
    desc: 'PostgreSQL 连接',
    example: 'postgres://liandong:password@127.0.0.1:5432/liandong',
  }),
  EVENT_STORE: str({
    choices: ['postgres', 'eventstoredb'],
    default: 'postgres',
    desc: '事件库',
    example: 'postgres',
  }),
  EVENTSTOREDB_URL: urlOf(
    'esdb',
    'esdb+discover',
  )({ default: undefined, desc: 'EventStoreDB 连接', example: 'esdb://127.0.0.1:2113?tls=false' }),
  KAFKA_BROKERS: hostPorts({ default: undefined, desc: 'Kafka 地址；设置后经 Kafka 下发', example: '127.0.0.1:9092' }),
  ROLES: roles({ default: ['api', 'projector', 'relay'], desc: '本进程的职责', example: 'api,projector,relay' }),
  AUTH_LOCAL_KEY: str({ default: undefined, desc: '本地签发者的密钥文件（JWK）', example: '.data/issuer.jwk.json' }),
  OIDC_ISSUER: urlOf(
    'https',
    'http',
  )({ default: undefined, desc: 'OIDC 签发者', example: 'https://id.example.gov.cn' }),
  OIDC_AUDIENCE: str({ default: 'liandong', desc: '令牌的 aud', example: 'liandong' }),
};

export const readPlatformConfig = (environment?: NodeJS.ProcessEnv) => readConfig(schema, environment);
export type PlatformConfig = ReturnType<typeof readPlatformConfig>;
export const CONFIG = Symbol('PlatformConfig');
