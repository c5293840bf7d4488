import { describeShard } from './real-shard.ts';

describeShard(1, 2);
