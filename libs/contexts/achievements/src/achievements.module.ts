import { Module } from '@nestjs/common';
import { TopologyDirectory, TopologyModule } from '#libs/contexts/topology';
import { contextModule } from '#libs/eventing-nest';
import * as commands from './contracts.commands.js';
import { contract } from './contracts.decider.js';
import { GetFlows, GetFlowsHandler } from './read/flows.query.js';

@Module(
  contextModule({
    path: 'contracts',
    decider: contract,
    commands,
    world: TopologyDirectory,
    imports: [TopologyModule],
    queries: [GetFlows],
    providers: [GetFlowsHandler],
  }),
)
export class AchievementsModule {}
