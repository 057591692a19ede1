import { Inject, Injectable } from '@nestjs/common';
import { evolve, type EventStore } from '#libs/eventing';
import { EVENT_STORE } from '#libs/eventing-nest';
import { topology, within, type CoverageRule, type Topology } from './topology.decider.js';

/** What other contexts may ask of the structure. */
export interface Regions {
  has(region: string): boolean;
  /** The hub, or a region inside it. */
  inHub(region: string): boolean;
  readonly rules: readonly CoverageRule[];
  atLevel(level: string): readonly { region: string; name: string }[];
}

/** The structure as of now, straight from the log: a decision may rely on it, where a read model might lag. */
@Injectable()
export class TopologyDirectory {
  private state: Topology = topology.initial;
  private revision = -1;
  private reading: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async current(): Promise<Regions> {
    // A read that has begun may miss what the caller knows; the one after it serves all who have come meanwhile.
    this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return (this.reading = this.read());
      });
    await this.next;
    return regionsOf(this.state);
  }

  private async read(): Promise<void> {
    for (const event of await this.store.readStream('province-topology', { from: this.revision + 1 })) {
      this.state = evolve(topology, this.state, event);
      this.revision = event.revision;
    }
  }
}

export function regionsOf({ regions, hub, rules }: Topology): Regions {
  return {
    has: (region) => regions[region] !== undefined,
    inHub: (region) => hub !== null && within(regions, region, hub),
    rules: Object.values(rules),
    atLevel: (level) =>
      Object.entries(regions)
        .filter(([, r]) => r.level === level)
        .map(([region, { name }]) => ({ region, name })),
  };
}
