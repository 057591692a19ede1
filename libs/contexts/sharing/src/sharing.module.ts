import { Module } from '@nestjs/common';
import { TopologyDirectory, TopologyModule } from '#libs/contexts/topology';
import { contextModule } from '#libs/eventing-nest';
import { GetSharing, GetSharingHandler } from './read/sharing.query.js';
import * as commands from './sharing.commands.js';
import { instrument } from './sharing.decider.js';

@Module(
  contextModule({
    path: 'sharing',
    decider: instrument,
    commands,
    world: TopologyDirectory,
    imports: [TopologyModule],
    queries: [GetSharing],
    providers: [GetSharingHandler],
  }),
)
export class SharingModule {}
