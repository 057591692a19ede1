import { Module } from '@nestjs/common';
import { TopologyDirectory, TopologyModule } from '#libs/contexts/topology';
import { contextModule } from '#libs/eventing-nest';
import * as commands from './incubation.commands.js';
import { incubatee } from './incubation.decider.js';
import { GetIncubatees, GetIncubateesHandler } from './read/incubatees.query.js';

@Module(
  contextModule({
    path: 'incubation',
    decider: incubatee,
    commands,
    world: TopologyDirectory,
    imports: [TopologyModule],
    queries: [GetIncubatees],
    providers: [GetIncubateesHandler],
  }),
)
export class IncubationModule {}
