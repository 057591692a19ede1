import { CloudEvent, HTTP, Kafka, type CloudEventV1, type Message } from 'cloudevents';
import { EMPTY_FEED, nextDigest, type FeedRecord } from '#libs/messages';
import { fromMessage, toMessage } from '../../libs/transport-kafka/src/cloud-event.js';
import { feed } from './feed.js';

/** What a city has that takes records by the SDK. In binary mode every extension is a text: integers are made of them again. */
function digestOf(events: readonly object[]): string {
  return (events as readonly FeedRecord[]).reduce((digest, event) => {
    const [feedsequence, replaces] = [Number(event.feedsequence), Number(event.replaces)];
    return nextDigest(digest, { ...event, feedsequence, replaces });
  }, EMPTY_FEED);
}

const whole = feed.at(-1)!.digest;
const one = <T>(event: CloudEventV1<T> | CloudEventV1<T>[]): CloudEventV1<T> => {
  if (Array.isArray(event)) throw new Error('not a single event');
  return event;
};

describe('the official SDK for JavaScript', () => {
  it('reads a record of the HTTP door, and hands it on with the digest it had', () => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const read = feed.map((record) => one(HTTP.toEvent({ headers, body: JSON.stringify(record) })));
    expect(digestOf(read)).toBe(whole);
    const handedOn = read.map((event) => one(HTTP.toEvent(HTTP.structured(event))));
    expect(digestOf(handedOn)).toBe(whole);
    expect(digestOf(read.map((event) => one(HTTP.toEvent(HTTP.binary(event)))))).toBe(whole);
  });

  it('reads a record of Kafka in binary mode, as the relay writes it', () => {
    const read = feed.map((record) => {
      const { headers, key, value } = toMessage(record);
      return one(Kafka.toEvent({ headers, key, value, body: value } as Message));
    });
    expect(digestOf(read)).toBe(whole);
    expect(read.map(({ occurredon, actor }) => ({ occurredon, actor }))).toEqual(
      feed.map(({ occurredon, actor }) => ({ occurredon, actor })),
    );
    expect(digestOf(read.map((event) => one(Kafka.toEvent(Kafka.structured(event)))))).toBe(whole);
  });

  it('writes what a reader takes for the record that it was', () => {
    const [record] = feed;
    const { headers } = Kafka.binary(new CloudEvent({ ...record! }));
    const { key, value } = toMessage(record!);
    const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))]);
    const message = { key: Buffer.from(key), value, headers: Object.fromEntries(bytes) };
    expect(fromMessage('region.xianyang', message, 'topic@0')).toEqual(record);
  });
});
