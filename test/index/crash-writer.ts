/**
 * Writes to the index named by its first argument until it is killed: after each commit it says on its standard output
 * how many rounds are done. A round moves every file and notes its number, in one transaction.
 */
import { SyncIndex } from '../../src/index/sync-index.ts';
import { crashFiles } from './crash-files.ts';
import { contentOf, fileState, localNode, nodeId, versionAt, versionedNode } from './sample-nodes.ts';

const index = SyncIndex.open(process.argv[2] ?? '');
for (let round = (index.settings.findInteger('round') ?? 0) + 1; ; round += 1) {
  index.transaction(() => {
    for (let at = 0; at < crashFiles; at += 1) {
      const state = fileState(`file ${at} round ${round}`, { text: 'x'.repeat(round % 100) });
      index.local.write(localNode(nodeId(at), state));
      // Every other file is in agreement.
      if (at % 2 === 0) index.base.write(versionedNode(nodeId(at), state, versionAt(round)));
      if (at % 2 === 0) index.remote.write(versionedNode(nodeId(at), state, versionAt(round)));
    }
    index.settings.writeInteger('round', round);
    index.contents.write({ ...contentOf(`round ${round}`), chunks: [], listChunks: [] });
  });
  process.stdout.write(`${round}\n`);
}
