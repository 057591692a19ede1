import {
  eventStoreUrl,
  host,
  hostPorts,
  httpUrl,
  key256,
  oneOf,
  origin,
  port,
  postgresUrl,
  readConfig,
  scope,
  someOf,
  text,
} from '#libs/config';

/** Every setting of the provincial platform. */
const schema = {
  HOST: host({ default: '127.0.0.1', desc: '监听地址', example: '0.0.0.0' }),
  PORT: port({ default: 3000, desc: '监听端口', example: '3000' }),
  DATABASE_URL: postgresUrl({
    desc: 'PostgreSQL 连接',
    example: 'postgres://liandong:password@127.0.0.1:5432/liandong',
  }),
  EVENT_STORE: oneOf('postgres', 'eventstoredb')({ default: 'postgres', desc: '事件库', example: 'postgres' }),
  EVENTSTOREDB_URL: eventStoreUrl({
    default: undefined,
    desc: 'EventStoreDB 连接',
    example: 'esdb://127.0.0.1:2113?tls=false',
  }),
  KAFKA_BROKERS: hostPorts({ default: undefined, desc: 'Kafka 地址；设置后经 Kafka 下发', example: '127.0.0.1:9092' }),
  ROLES: someOf(
    'api',
    'projector',
    'relay',
    'processes',
  )({
    default: ['api', 'projector', 'relay', 'processes'],
    desc: '本进程的职责',
    example: 'api,projector,relay,processes',
  }),
  AUTH_LOCAL_KEY: text({ default: undefined, desc: '本地签发者的密钥文件（JWK）', example: '.data/issuer.jwk.json' }),
  OIDC_ISSUER: httpUrl({ default: undefined, desc: 'OIDC 签发者', example: 'https://id.example.gov.cn' }),
  OIDC_AUDIENCE: text({ default: 'liandong', desc: '令牌的 aud', example: 'liandong' }),
  OIDC_CLIENT_ID: text({
    default: undefined,
    desc: '平台在签发者处的 client_id；设置后可用浏览器登录',
    example: 'liandong',
  }),
  OIDC_CLIENT_SECRET: text({ default: undefined, desc: '其 client_secret；公开客户端不设', example: 'a-secret' }),
  OIDC_SCOPE: scope({ default: 'openid', desc: '登录时请求的 scope', example: 'openid offline_access' }),
  PUBLIC_URL: origin({ default: undefined, desc: '浏览器访问平台的地址', example: 'https://liandong.example.gov.cn' }),
  SESSION_KEY: key256({ default: undefined, desc: '加密会话的密钥', example: '$(openssl rand -base64 32 | tr +/ -_)' }),
};

export const readPlatformConfig = (environment?: NodeJS.ProcessEnv) => readConfig(schema, environment);
export type PlatformConfig = ReturnType<typeof readPlatformConfig>;
export const CONFIG = Symbol('PlatformConfig');
