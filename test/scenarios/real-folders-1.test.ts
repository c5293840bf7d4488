import { describeShard } from './real-shard.ts';

describeShard(0, 2);
