/**
 * Bugs that are planted one at a time in a copy of the source, to see that the tests find them. Each is a text that stands
 * exactly once in its file, and what takes its place.
 */
import type { Kind } from '../simulation/trouble.ts';

export interface PlantedBug {
  /** What the program would do wrong. */
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  readonly find: string;
  readonly replacement: string;
  /** Who looks for it, one after the other until somebody finds it. */
  readonly finders: readonly Finder[];
}

/** Every named scenario on simulated devices (or those of some topics); named tests; random histories of these kinds, at most so many. */
export type Finder =
  | { readonly by: 'scenarios'; readonly topics?: readonly string[] }
  | { readonly by: 'tests'; readonly tests: readonly string[] }
  | { readonly by: 'histories'; readonly kinds: readonly Kind[]; readonly atMost: number };

const scenarios: Finder = { by: 'scenarios' };

function tests(...paths: readonly string[]): Finder {
  return { by: 'tests', tests: paths };
}

function histories(atMost: number, ...kinds: readonly Kind[]): Finder {
  return { by: 'histories', kinds, atMost };
}

/** What no longer holds at the last moment: each act of the disk with somebody before each of its calls; then whole engines. */
const races = [tests('test/contract/disk'), histories(1500, 'races', 'surroundings')];
const powerCuts = [tests('test/disk/crash.test.ts', 'test/contract/disk'), histories(1500, 'power')];
const decisions = [scenarios, tests('test/planner'), histories(1500, 'calm', 'races')];

export const plantedBugs: readonly PlantedBug[] = [
  // Acting on the folder.
  {
    name: 'nothing is looked at before a file is replaced',
    file: 'disk/act/place-item.ts',
    find: "if (!isExpected(before, expected)) return 'changed';",
    replacement: "if (before === undefined && expected !== 'absent') return 'changed';",
    finders: [scenarios, ...races],
  },
  {
    name: 'what was displaced is not looked at',
    file: 'disk/act/replace-item.ts',
    find: 'return isUntouched(before, calls.lstat(taken));',
    replacement: 'return calls.lstat(taken) !== undefined;',
    finders: races,
  },
  {
    name: 'what a user has just written, and its folder does not take back, stays in the trash',
    file: 'disk/act/put-back.ts',
    find: 'const left = calls.lstat(taken);',
    replacement: 'const left = undefined as Stat | undefined;',
    finders: [tests('test/contract/disk/last-moment.test.ts')],
  },
  {
    name: 'what was taken away by an engine that was killed goes to the trash unseen',
    file: 'disk/act/passage.ts',
    find: 'else if (mark === before) passToTrash(',
    replacement: 'else if (mark !== ours) passToTrash(',
    finders: [tests('test/simulation/killed-while-taking.test.ts')],
  },
  {
    name: 'a path is believed to lead to the same folder as before',
    file: 'disk/root-anchor.ts',
    find: "known !== '' && isOther(this.#calls.statFolder(folder), known)",
    replacement: "known !== '' && isOther(this.#calls.statFolder(folder), '')",
    finders: [tests('test/contract/disk/fake-disk.test.ts', 'test/simulation/renamed-while-bringing.test.ts')],
  },
  {
    name: 'the listing of another folder of that name is believed',
    file: 'engine/scan/scan.ts',
    find: "return row !== undefined && row.identity !== '' && identity !== '' && row.identity !== identity;",
    replacement: "return row !== undefined && row.identity !== '' && identity === '-' && row.identity !== identity;",
    finders: [tests('test/simulation/renamed-while-bringing.test.ts')],
  },
  {
    name: 'what a decision removed that turned void is taken for removed here',
    file: 'engine/publish/base-listener.ts',
    find: "if (hearRevoked(index, version) !== 'removed-by-decision') takeBaseBack(",
    replacement: "if (hearRevoked(index, version) !== 'let-go') takeBaseBack(",
    finders: [tests('test/simulation/late-entries.test.ts')],
  },
  {
    name: 'a look on the way of a pass does not ask what rests elsewhere',
    file: 'engine/settling.ts',
    find: 'observe(this.#parts, this.#signal, from, { resting: this.#resting })',
    replacement: 'observe(this.#parts, this.#signal, from, {})',
    finders: [tests('test/simulation/hints.test.ts')],
  },
  {
    name: 'a folder that is being filled is listed anew for each batch',
    file: 'engine/scan/list-items.ts',
    find: 'local.hasMoreChildren(folder, names * childrenPerName)',
    replacement: 'names === 0',
    finders: [tests('test/simulation/much-to-bring.test.ts')],
  },
  {
    name: 'a run by hand says nothing of files that never rest',
    file: 'engine/run-passes.ts',
    find: 'if (isOnly) noteStillWritten(parts, restless);',
    replacement: 'if (isOnly && passesMax === 0) noteStillWritten(parts, restless);',
    finders: [tests('test/simulation/stops-only-itself.test.ts')],
  },
  {
    name: 'of three writes at the last moment one is in the trash alone',
    file: 'disk/act/replace-item.ts',
    find: 'if (!isOverwritten) putBeside(calls, taken, entry);',
    replacement: 'if (his === undefined && out !== undefined) putBeside(calls, taken, entry);',
    finders: [tests('test/simulation/three-writes.test.ts')],
  },
  {
    name: 'what is to be discarded is not looked at',
    file: 'disk/act/discard-item.ts',
    find: "if (!isExpected(before, expected)) return 'changed';",
    replacement: "if (before === undefined && expected !== 'absent') return 'changed';",
    finders: races,
  },
  {
    name: 'what was taken away is not looked at',
    file: 'disk/act/discard-item.ts',
    find: 'if (isUntouched(before, lookAt(calls, taken, entry))) {',
    replacement: 'if (lookAt(calls, taken, entry) !== undefined) {',
    finders: races,
  },
  {
    name: 'a new or moved item writes over what has appeared there',
    file: 'disk/act/place-new.ts',
    find: 'calls.renameNew(source, entry);',
    replacement: 'calls.rename(source, entry);',
    finders: races,
  },
  {
    name: 'what is discarded is not kept in the trash',
    file: 'disk/act/discard-item.ts',
    find: 'if (keep === undefined) calls.unlink(taken);',
    replacement: 'if (keep !== entry) calls.unlink(taken);',
    finders: [scenarios],
  },
  {
    name: 'a file gets its place before its data is durable',
    file: 'disk/act/staging.ts',
    find: 'await calls.syncFile(file);',
    replacement: 'await Promise.resolve();',
    finders: powerCuts,
  },
  {
    name: 'folders are not made durable',
    file: 'disk/act/touched.ts',
    find: 'await this.#calls.syncFolder(folder);',
    replacement: 'await Promise.resolve();',
    finders: powerCuts,
  },
  {
    name: 'the index says so before the disk is durable',
    file: 'engine/act/pending-rows.ts',
    find: 'await this.#parts.disk.settle();',
    replacement: 'await Promise.resolve();',
    finders: [tests('test/simulation/power-lost-while-placing.test.ts'), histories(1500, 'power')],
  },
  {
    name: 'an unreadable folder is taken for an empty one',
    file: 'disk/list-folder.ts',
    find: "if (isItemsOwn(error)) return 'unreadable';",
    replacement: 'if (isItemsOwn(error)) return { entries: [] };',
    finders: [scenarios, histories(1500, 'disk errors', 'surroundings')],
  },
  {
    name: 'another folder in the place of the synced one is taken for it',
    file: 'disk/root-anchor.ts',
    find: "if (mark === undefined) throw missing('its mark is not there', undefined, unmarkedAction);\n      if (mark !== this.#mark) throw",
    replacement: 'if (mark !== this.#mark && mark !== undefined) throw',
    finders: [tests('test/simulation/mount-point.test.ts'), histories(1500, 'surroundings')],
  },
  // Observing.
  {
    name: 'a file is told by its inode number alone',
    file: 'disk/observe.ts',
    find: "return stat.birthNs === 0n || stat.inode === 0n ? '' : `${stat.inode}:${stat.birthNs}`;",
    replacement: 'return String(stat.inode);',
    finders: [scenarios],
  },
  {
    name: 'an edit that leaves the size as it was is not seen',
    file: 'disk/observe.ts',
    find: '`${stat.inode}:${stat.sizeBytes}:${stat.mtimeNs}:${stat.ctimeNs}`;',
    replacement: '`${stat.sizeBytes}`;',
    finders: [scenarios],
  },
  {
    name: 'a file that changes while it is read counts as read',
    file: 'disk/read-file.ts',
    find: "return isExpected(after, expected) ? { now: { ...observe(after, ''), ...origin } } : 'changed';",
    replacement: "return { now: { ...observe(after, ''), ...origin } };",
    finders: [tests('test/contract/disk/node-disk.test.ts'), tests('test/disk', 'test/contract/disk'), histories(1500, 'races')],
  },
  {
    name: 'what is missing where a hint points is removed at once',
    file: 'engine/scan/observe.ts',
    find: 'if (isPartial) await search(scan, parts, { told, signal });',
    replacement: '',
    finders: [tests('test/simulation/hints.test.ts'), histories(1500, 'hints')],
  },
  {
    name: 'a disk that writes names in another form is never at rest',
    file: 'planner/match-listing.ts',
    find: 'isSameSpelling(shownOf(row), item.name, traits))',
    replacement: 'shownOf(row) === item.name)',
    finders: [tests('test/simulation/names.test.ts'), histories(300, 'other disks')],
  },
  {
    name: 'a folder is found again under another name only with all its files new',
    file: 'engine/scan/known-items.ts',
    find: 'return this.#parts.index.local.findByIdentity(item.identity).filter(({ state }) => state.kind === item.kind);',
    replacement: 'return [];',
    finders: [scenarios],
  },
  {
    name: 'rules that are not known stop the namesakes of their folder, too',
    file: 'engine/scan/folder-rules.ts',
    find: 'path.startsWith(`${folder}/`)',
    replacement: 'path.startsWith(folder)',
    finders: [tests('test/engine/folder-rules.test.ts')],
  },
  {
    name: 'what no watcher told of has not happened',
    file: 'engine/sync-pass.ts',
    find: 'const seen = hasOldBringing(parts.index) ? undefined : hints;',
    replacement:
      'const seen = hasOldBringing(parts.index) || parts.index.local.count().files === 0 ? undefined : (hints ?? { paths: [] });',
    finders: [scenarios],
  },
  {
    name: 'what happens while much is brought waits until all of it is there',
    file: 'engine/settling.ts',
    find: 'if (await this.#settleMeanwhile()) isChanged = true;',
    replacement: '',
    finders: [tests('test/simulation/much-to-bring.test.ts')],
  },
  {
    name: 'a look at one item tells of all folders beside it that stayed for ignored things',
    file: 'engine/scan/left-behind.ts',
    find: 'if (isLookedAt && !standing.has(name))',
    replacement: 'if (!standing.has(name))',
    finders: [tests('test/simulation/ignored.test.ts')],
  },
  {
    name: 'a folder that stayed for ignored things is new where the vault moves the one above',
    file: 'engine/act/operation-steps.ts',
    find: "if (row.state.kind === 'folder') index.leftBehind.expectBelow(from, to);",
    replacement: '',
    finders: [tests('test/simulation/ignored.test.ts')],
  },
  {
    name: 'what fails between two batches does not end the pass that alone has looked at everything',
    file: 'engine/settling.ts',
    find: 'if (this.#fault !== undefined) throw this.#fault.error;',
    replacement: '',
    finders: [tests('test/simulation/asked-meanwhile.test.ts')],
  },
  {
    name: 'a folder that is left out while it is brought comes first',
    file: 'engine/settling.ts',
    find: 'leftOut.apply();',
    replacement: '',
    finders: [tests('test/simulation/much-to-bring.test.ts')],
  },
  {
    name: 'what a look on the way finds waits until all that was known before is planned',
    file: 'engine/settling.ts',
    find: "if (this.#foundAfter !== undefined) return 'found';",
    replacement: '',
    finders: [tests('test/simulation/renamed-while-bringing.test.ts')],
  },
  {
    name: 'an agent that is told by its watcher never looks by itself',
    file: 'agent/agent-loop.ts',
    find: 'this.#allAtMs = this.#nowMs() + this.#rescanMs;',
    replacement: 'this.#allAtMs = this.#rescanMs > 0 ? Infinity : 0;',
    finders: [tests('test/agent/deaf-watcher.test.ts')],
  },
  // Deciding.
  {
    name: 'an edit here is lost to an edit there',
    file: 'planner/payload.ts',
    find: "return was === undefined && state.context.isPast(id, content) ? 'content' : 'fork';",
    replacement: "return 'content';",
    finders: decisions,
  },
  {
    name: 'old content counts as an edit',
    file: 'planner/payload.ts',
    find: "return was === undefined && state.context.isPast(id, content) ? 'content' : 'fork';",
    replacement: "return 'fork';",
    finders: decisions,
  },
  {
    name: 'the later time wins',
    file: 'planner/payload.ts',
    find: "if (sameContent(content, known)) return 'content';",
    replacement: "if (sameContent(content, known) || theirs.mtimeUs > meeting.ours.mtimeUs) return 'content';",
    finders: decisions,
  },
  {
    name: 'a touch there beats an edit here',
    file: 'planner/payload.ts',
    find: 'if (isRead || (ours.fromOutside === theirs.fromOutside && isSameTime)) return metaStep(meeting);',
    replacement: "return was.mtimeUs === theirs.mtimeUs ? metaStep(meeting) : 'content';",
    finders: decisions,
  },
  {
    name: 'that a file came from outside is taken off though somebody gave it other content meanwhile',
    file: 'planner/payload.ts',
    find: 'return ours.fromOutside ? isOursEdited : isTheirsEdited;',
    replacement: 'return false;',
    finders: decisions,
  },
  {
    name: 'a file that came from outside gets its place before the note of that',
    file: 'disk/act/staging.ts',
    find: 'if (fromOutside && this.#parts.calls.setOrigin !== undefined) await this.#noteOrigin();',
    replacement: '',
    finders: [tests('test/contract/disk', 'test/simulation/origin.test.ts')],
  },
  {
    name: 'a disk that knows of no origin takes it off whatever is saved there',
    file: 'planner/kept-meta.ts',
    find: 'fromOutside: (traits.keepsOrigin ? seen.fromOutside : undefined) ?? fromOutside ?? false,',
    replacement: 'fromOutside: seen.fromOutside ?? false,',
    finders: [tests('test/planner/origin.test.ts', 'test/simulation/origin.test.ts')],
  },
  {
    name: 'a removal there beats an edit here',
    file: 'planner/plan-pull.ts',
    find: 'if (isMoved || isEdited(local.state, base.state)) {',
    replacement: 'if (isMoved) {',
    finders: decisions,
  },
  {
    name: 'a removal there is forgotten after 90 days',
    file: 'planner/plan-pull.ts',
    find: 'if (isMoved || isEdited(local.state, base.state)) {',
    replacement:
      "const isLongAgo = base.state.kind === 'file' && Date.parse(state.context.date) - base.state.mtimeUs / 1000 > 90 * 86_400_000;\n  if (isMoved || isLongAgo || isEdited(local.state, base.state)) {",
    finders: [scenarios],
  },
  {
    name: 'a removal here beats an edit there',
    file: 'planner/plan-pull.ts',
    find: 'if (base !== undefined && !isMoved && !isEdited(base.state, remote.state)) {',
    replacement: 'if (base !== undefined && !isMoved) {',
    finders: decisions,
  },
  {
    name: 'a removed folder takes along what is new in it',
    file: 'planner/plan-pull.ts',
    find: '    if (state.local.hasChildren(id)) {\n      keepFolder(state, id);\n      return;\n    }',
    replacement: '',
    finders: decisions,
  },
  {
    name: 'two that want one name: the one here is written over',
    file: 'planner/meet.ts',
    find: "if (same === 'same') return makeOne(state, meeting);\n  if (",
    replacement: "if (same === 'same' || meeting.occupant.state.kind === 'file') return makeOne(state, meeting);\n  if (",
    finders: decisions,
  },
  {
    name: 'a conflict copy takes a name that is taken',
    file: 'planner/marked-name.ts',
    find: 'if (!isTaken(candidate)) return candidate;',
    replacement: 'if (!isTaken(candidate) || number === 1) return candidate;',
    finders: decisions,
  },
  {
    name: 'nodes that trade places are published one by one',
    file: 'planner/plan-state.ts',
    find: 'if (from >= 0) this.#drafts.tie(this.#stack.slice(from));',
    replacement: 'if (from > this.#stack.length) this.#drafts.tie(this.#stack.slice(from));',
    finders: decisions,
  },
  {
    name: 'a new file with the content of one that vanished stays another one, and that one goes',
    file: 'planner/plan-push.ts',
    find: 'if (found === undefined) return false;',
    replacement: 'if (found === undefined || found !== null) return false;',
    finders: decisions,
  },
  {
    name: 'what was copied and deleted is moved only where nobody edited it meanwhile',
    file: 'planner/plan-pull.ts',
    find: 'if (base !== undefined && state.mayBeMoved(base)) {',
    replacement: 'if (base !== undefined && state.isFull && state.mayBeMoved(base)) {',
    finders: decisions,
  },
  {
    name: 'a file that can not be read, and may have been moved, counts as removed',
    file: 'planner/plan-state.ts',
    find: 'return unread.length > 0 || (state.content.sizeBytes > 0 && this.context.isAnyUnreadable(state.content.sizeBytes));',
    replacement: 'return unread.length > 0;',
    finders: [tests('test/simulation/unreadable-file.test.ts')],
  },
  {
    name: 'what became a conflict copy counts as gone, and a new file with its old content as that file',
    file: 'planner/plan-push.ts',
    find: '        !state.isForked(node.id) &&\n',
    replacement: '',
    finders: [{ by: 'scenarios', topics: ['how programs save'] }],
  },
  {
    name: 'a conflict name counts as a wish to keep',
    file: 'planner/conflict-name.ts',
    find: 'return was.name !== now.name && (now.name === plainName(now.name) || plainName(was.name) !== plainName(now.name));',
    replacement: 'return was.name !== now.name;',
    finders: decisions,
  },
  {
    name: 'the mass change brake counts moves',
    file: 'engine/brake/mass-change-guard.ts',
    find: 'discountMoves(index, losses);',
    replacement: '',
    finders: [tests('test/simulation/mass-change.test.ts')],
  },
  {
    name: 'a move that fails leaves both names',
    file: 'disk/act/move-item.ts',
    find: 'dropNewName(parts, move);\n    throw error;',
    replacement: 'throw error;',
    finders: [tests('test/disk/faults.test.ts')],
  },
  // Recording.
  {
    name: 'what was placed is recorded before it is in its place',
    file: 'engine/act/operation-steps.ts',
    find: "if (outcome === 'changed' || !isSyncable(outcome.now)) {",
    replacement: "if (outcome === 'changed' || !isSyncable(outcome.now)) {\n      this.rows.record(node);",
    finders: [scenarios, histories(1500, 'races')],
  },
  {
    name: 'a crash forgets what was being placed',
    file: 'engine/act/bringing.ts',
    find: 'if (there.id !== node.id) index.local.adopt(there.id, node.id);',
    replacement: 'if (there.id !== node.id) return;',
    finders: [tests('test/simulation/killed-while-placing.test.ts'), histories(1500, 'kills')],
  },
  {
    name: 'a crash forgets that what was removed here comes again',
    file: 'engine/act/bringing.ts',
    find: '(node.version === upon && local.find(node.id) !== undefined)',
    replacement: 'node.version === upon',
    finders: [tests('test/simulation/killed-while-placing.test.ts')],
  },
  {
    name: 'what was written into a file by its second name goes back to that name',
    file: 'disk/act/move-item.ts',
    find: 'putBack(calls, taken, out !== undefined && isSameItem(item, out) ? from : entry);',
    replacement: 'putBack(calls, taken, entry);',
    finders: [tests('test/simulation/poor-disks.test.ts')],
  },
  {
    name: 'a step that failed has not come about',
    file: 'engine/act/run-operations.ts',
    find: 'if (!steps.isInDoubt)\n',
    replacement: '',
    finders: [tests('test/simulation/disk-failed-while-placing.test.ts')],
  },
  {
    name: 'a file that had gone for an equal one when a run ended comes back under its old name',
    file: 'engine/act/bringing.ts',
    find: '  if (begun.isMerged === true) return;\n',
    replacement: '',
    finders: [tests('test/scenarios/found-by-sweeps.test.ts')],
  },
  {
    name: 'a file that was not read yet keeps its time, whatever time the vault gave it',
    file: 'planner/payload.ts',
    find: 'const isSameTime = was.mtimeUs === theirs.mtimeUs || ours.mtimeUs === theirs.mtimeUs;',
    replacement: 'const isSameTime = true;',
    finders: [tests('test/scenarios/found-by-sweeps.test.ts')],
  },
  {
    name: 'a crash forgets which item was being placed',
    file: 'engine/act/bringing.ts',
    find: 'const item = identity === undefined ? undefined : findItem(index, node.id, identity);',
    replacement: 'const item = identity === undefined || findItem(index, node.id, identity) === undefined ? undefined : undefined;',
    finders: [tests('test/simulation/killed-while-placing.test.ts')],
  },
  {
    name: 'an own change that turned out void stays recorded',
    file: 'engine/publish/base-listener.ts',
    find: 'moveBase(index, node, { from, to: before });',
    replacement: 'moveBase(index, node, { from, to: from });',
    finders: [scenarios, histories(1500, 'together', 'together, in trouble', 'store')],
  },
  {
    name: 'content that turned out void counts as old',
    file: 'index/nodes/remote-tree.ts',
    find: '  protected override fromRow(row: RecordRow): VersionedNode {',
    replacement:
      '  override write(node: VersionedNode): void {\n    const before = this.find(node.id);\n    super.write(node);\n    if (before !== undefined) this.outlive(before);\n  }\n\n  protected override fromRow(row: RecordRow): VersionedNode {',
    finders: [tests('test/simulation/late-entries.test.ts', 'test/index/trees.test.ts')],
  },
  // Vault and store.
  {
    name: 'a file is published before all of it is in the store',
    file: 'engine/content/upload-packs.ts',
    find: 'await packs.put(pack, this.signal);',
    replacement: 'void packs.put(pack, this.signal).catch(() => undefined);',
    finders: [tests('test/engine/upload-packs.test.ts'), histories(1500, 'store', 'kills', 'together, in trouble')],
  },
  {
    name: "the store's word is enough",
    file: 'vault/journal/write/publish-object.ts',
    find: "found = await readBack(parts, entry, signal);\n    if (found === 'same') return;",
    replacement: "found = outcome === 'stored' ? 'same' : await readBack(parts, entry, signal);\n    if (found === 'same') return;",
    finders: [tests('test/vault/journal')],
  },
  {
    name: 'no answer counts as stored',
    file: 'vault/journal/write/publish-object.ts',
    find: "found = await readBack(parts, entry, signal);\n    if (found === 'same') return;",
    replacement: "if (found === 'absent') return;",
    finders: [tests('test/vault/journal'), histories(1500, 'store', 'together, in trouble')],
  },
  {
    name: 'an entry that was begun is forgotten',
    file: 'vault/journal/write/own-entries.ts',
    find: "  writeNote(book, 'pending', note);\n",
    replacement: '  if (note.counter < 0) ',
    finders: [tests('test/vault/journal'), histories(1500, 'kills', 'store')],
  },
  {
    name: 'an entry that was given up is not skipped',
    file: 'vault/journal/write/commit-entry.ts',
    find: "const skips = givenUp(book).map(({ name }): readonly Change[] => [{ do: 'skip', entry: name }]);",
    replacement: 'const skips: (readonly Change[])[] = givenUp(book).flatMap(() => []);',
    finders: [tests('test/vault/journal')],
  },
  {
    name: 'only what comes after the last known entry is listed',
    file: 'vault/journal/arrive/catch-up.ts',
    find: 'const marginLamports = 64;',
    replacement: 'const marginLamports = -1;',
    finders: [tests('test/vault/journal'), histories(1500, 'together', 'together, in trouble')],
  },
  {
    name: 'an entry that the store does not give is not missed',
    file: 'vault/journal/arrive/gather.ts',
    find: 'const lack = this.#findPinLack(known) ?? lackOf(gaps, absent);',
    replacement: 'const lack = gaps.length + absent.length < 0 ? lackOf(gaps, absent) : this.#findPinLack(known);',
    finders: [tests('test/vault/journal'), histories(1500, 'store', 'together, in trouble')],
  },
  {
    name: 'an older store is believed',
    file: 'vault/journal/arrive/gather.ts',
    find: 'if (shown < counter) {',
    replacement: 'if (shown < counter && shown < 0) {',
    finders: [tests('test/vault/journal'), histories(1500, 'backups')],
  },
  {
    name: 'a change that was overtaken holds all the same',
    file: 'vault/journal/fold/apply-group.ts',
    find: "if (before?.version !== change.upon) return change.upon === undefined ? 'exists' : 'changed';",
    replacement: "if (before === undefined && change.upon !== undefined) return 'changed';",
    finders: [tests('test/vault/journal'), histories(1500, 'together', 'together, in trouble', 'calm')],
  },
  {
    name: 'entries of one Lamport number count in the order of their arrival',
    file: 'vault/journal/fold/refold.ts',
    find: 'const sorted = arrived.toSorted((a, b) => comparePositions(placeOf(a), placeOf(b)));',
    replacement: 'const sorted = [...arrived];',
    finders: [tests('test/vault/journal')],
  },
  {
    name: 'a checkpoint reaches over what a device still writes',
    file: 'vault/journal/checkpoint/checkpoint-policy.ts',
    find: 'let reach = Math.min(...heads.map((lamport) => lamport ?? 0));',
    replacement: 'let reach = Math.max(...heads.map((lamport) => lamport ?? 0));',
    finders: [tests('test/vault/journal', 'test/simulation/checkpoints.test.ts'), histories(1500, 'checkpoints')],
  },
  {
    name: 'what a new rule ignores is deleted',
    file: 'engine/scan/scan.ts',
    find: '(known.has(keyOf(item.name)) || !this.#staysOut(folder, item))',
    replacement: '!this.#staysOut(folder, item)',
    finders: [tests('test/simulation/ignored.test.ts'), scenarios],
  },
  {
    name: 'only letters of ASCII are one in both cases',
    file: 'model/shown-name.ts',
    find: 'const folded = form.toUpperCase().toLowerCase();',
    replacement: 'const folded = form.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());',
    finders: [tests('test/model', 'test/simulation/names.test.ts'), histories(1500, 'other disks')],
  },
  {
    name: 'a conflict is over once its copy is renamed',
    file: 'vault/journal/fold/apply-group.ts',
    find: 'if (next === undefined && findConflict(state, draft, change.node) !== undefined)',
    replacement: "if ((next === undefined || change.do === 'move') && findConflict(state, draft, change.node) !== undefined)",
    finders: [tests('test/simulation/conflict-watch.test.ts')],
  },
  {
    name: 'a conflict copy of which nobody knows any more is not told of',
    file: 'planner/copy-story.ts',
    find: 'return of === undefined ? undefined : { of: of.id, ancestor: undefined, isByName: true };',
    replacement: 'return of === undefined ? undefined : undefined;',
    finders: [tests('test/simulation/told-conflicts.test.ts'), histories(1500, 'calm')],
  },
  {
    name: 'each device that hears of a lost race makes a conflict copy of its own',
    file: 'vault/journal/fold/void-puts.ts',
    find: 'if (!isVoid) kept.add(content);',
    replacement: 'if (!isVoid && mark.device === own) kept.add(content);',
    finders: [tests('test/simulation/history.test.ts')],
  },
  {
    name: 'what another device made and lost counts as an edit made here, too',
    file: 'vault/journal/fold/refold.ts',
    find: 'if (!mark.mine) return;\n    const changes',
    replacement: 'const changes',
    finders: [tests('test/simulation/late-entries.test.ts', 'test/vault/journal')],
  },
  {
    name: 'what is in the trash goes after a day',
    file: 'agent/folder/trash-age.ts',
    find: 'return nowMs - look.sinceMs < days * dayMs ? Infinity : days;',
    replacement: 'return nowMs - look.sinceMs < dayMs ? Infinity : Math.min(days, 1);',
    finders: [tests('test/agent/wrong-clock.test.ts')],
  },
  {
    name: 'packs go from the store by their age alone',
    file: 'vault/pack/pack-store.ts',
    find: "if (await (outcome === 'stored' ? this.#hasEnd(name, pack, signal) : this.#hasAll(name, pack, signal))) return;",
    replacement: `if (await (outcome === 'stored' ? this.#hasEnd(name, pack, signal) : this.#hasAll(name, pack, signal))) {
        const put = ((globalThis as { put?: Map<string, number> }).put ??= new Map<string, number>()).set(name, clock.nowMs());
        for (const [old, atMs] of put) if (atMs < clock.nowMs() - 30 * 86_400_000) await this.#store.delete(old, { signal });
        return;
      }`,
    finders: [scenarios],
  },
  {
    name: 'of files that are saved over each other while a scan runs, the first is taken for what stands there',
    file: 'engine/scan/forget-missed.ts',
    find: 'if (there !== undefined && there.state.parent !== limboId) return next;',
    replacement: 'if (there !== undefined) return next;',
    finders: [tests('test/simulation/saved-while-scanning.test.ts')],
  },
  {
    name: 'what is moved while everything is looked at is gone, or there twice',
    file: 'engine/scan/observe.ts',
    find: 'look < looksMax && scan.takeDoubt()',
    replacement: 'look < 1 && scan.takeDoubt()',
    finders: [tests('test/simulation/moved-while-scanning.test.ts')],
  },
  {
    name: 'an index that a newer Cachette brought up to date is written to',
    file: 'index/file/database.ts',
    find: 'this.#requireCurrent();\n    this.#dataVersion = version;',
    replacement: 'this.#dataVersion = version;',
    finders: [tests('test/index/damaged-index.test.ts')],
  },
  {
    name: 'a new file is held against vanished ones of one epoch only',
    file: 'planner/new-files.ts',
    find: 'return content !== undefined && tried < 0 ? undefined : epochs[tried + 1];',
    replacement: 'return content === undefined ? epochs[0] : undefined;',
    finders: [tests('test/simulation/epochs.test.ts')],
  },
  {
    name: 'the two places of a move are looked at one after the other',
    file: 'agent/folder/hint-book.ts',
    find: 'return Math.abs(oneMs - otherMs) <= oneMoveMs;',
    replacement: 'return oneMs === otherMs;',
    finders: [tests('test/agent/join-moves.test.ts')],
  },
  {
    name: 'on a disk that folds case, who saves over a file by its name in other letters has deleted it and made another',
    file: 'planner/match-listing.ts',
    find: 'if (row?.state.kind === kind) found.set(name, row);',
    replacement:
      "if (row?.state.kind === kind && items.some((item) => item.name === name && [item.identity, ''].includes(row.identity))) found.set(name, row);",
    finders: [tests('test/simulation/names.test.ts'), histories(1500, 'other disks')],
  },
  {
    name: 'what took the name of a missed item, in other letters, is another one where the look was broken off',
    file: 'engine/scan/forget-missed.ts',
    find: 'local.childNamed(was.parent, was.name) ?? local.childShown(was.parent, shown ?? was.name)',
    replacement: 'local.childNamed(was.parent, was.name)',
    finders: [tests('test/simulation/names.test.ts')],
  },
  {
    name: 'of an editor’s backup by its name in other letters nobody knows that it is one',
    file: 'engine/scan/known-items.ts',
    find: 'nameKey(name, traits) === nameKey(backupOf(file.name), traits)',
    replacement: 'name === backupOf(file.name)',
    finders: [tests('test/simulation/names.test.ts')],
  },
  {
    name: 'what a disk lists in another form than it was written, and a rule came to ignore, is deleted',
    file: 'engine/scan/scan.ts',
    find: 'const keyOf = (name: NodeName): string => nameKey(name, index.traits.current);',
    replacement: 'const keyOf = (name: NodeName): string => name;',
    finders: [tests('test/simulation/names.test.ts'), histories(1500, 'other disks')],
  },
  {
    name: 'what a killed run had just taken from this disk, and turned void, is nowhere any more',
    file: 'engine/act/bringing.ts',
    find: 'if (there === undefined && own !== undefined) noteGoneLetGo(index, own);',
    replacement: '',
    finders: [tests('test/simulation/selective.test.ts')],
  },
  {
    name: 'what a killed run had just taken from this disk, and another device removed, comes back',
    file: 'engine/act/let-go.ts',
    find: 'if (!counts) intents.begin(kind, file.version);',
    replacement: 'intents.begin(kind, file.version);',
    finders: [tests('test/simulation/selective.test.ts')],
  },
  {
    name: 'what is in a conflict and half told as moved counts as removed',
    file: 'engine/scan/sought-items.ts',
    find: "return row.state.kind === 'folder' || this.#isInConflict(row.id);",
    replacement: "return row.state.kind === 'folder';",
    finders: [tests('test/simulation/hints.test.ts')],
  },
  {
    name: 'what is half told as moved counts as removed, though the vault has just told of its conflict',
    file: 'engine/scan/search-conflicted.ts',
    find: 'if (forgotten.length === 0) return false;',
    replacement: 'if (forgotten.length >= 0) return false;',
    finders: [tests('test/simulation/hints.test.ts')],
  },
  {
    name: 'what a killed run has put where another file had stood is taken for a new version of that',
    file: 'engine/act/bringing.ts',
    find: 'freePlaced(parts, all);\n    // In',
    replacement: '// In',
    finders: [tests('test/simulation/killed-while-placing.test.ts'), histories(1500, 'kills')],
  },
  {
    name: 'a run by hand looks at everything each time that one file was written to',
    file: 'engine/run-passes.ts',
    find: 'isRestless && passes < passesMax ? { paths: [] } : undefined',
    replacement: 'isRestless && passes < 0 ? { paths: [] } : undefined',
    finders: [tests('test/simulation/stops-only-itself.test.ts')],
  },
  {
    name: 'what was copied to the place of a file that was removed there, and deleted, is a new version of that',
    file: 'planner/plan-pull.ts',
    find: 'return becomesVanished(state, local);',
    replacement: 'return false;',
    finders: [tests('test/planner/carried.test.ts')],
  },
  {
    name: 'a moved file counts as removed where the folder that it came from is looked at before the place where it is',
    file: 'engine/scan/observe.ts',
    find: 'await searchResting(scan, parts, { told, signal });',
    replacement: '',
    finders: [tests('test/simulation/hints.test.ts')],
  },
  {
    name: 'a time that was meant for a rough disk is taken for what that shows',
    file: 'planner/kept-meta.ts',
    find: '(state.mtimeUs === meant.mtimeUs || state.mtimeUs % traits.mtimeTickUs === 0)',
    replacement: 'state.mtimeUs !== Infinity',
    finders: [tests('test/simulation/poor-disks.test.ts')],
  },
  {
    name: 'what is in a conflict goes for an equal file that somebody else made where it goes',
    file: 'planner/meet.ts',
    find: 'if (isUnknownHere(state, remote) && isInConflictAlone(state, { occupant, remote })) {',
    replacement: 'if (state.isFull && isInConflictAlone(state, { occupant, remote })) {',
    finders: [tests('test/simulation/told-conflicts.test.ts')],
  },
  {
    name: 'what is gone is planned before the new files that it may be',
    file: 'engine/scan/forget-missed.ts',
    find: 'dirty.postpone(id);',
    replacement: '',
    finders: [tests('test/simulation/moved-in-portions.test.ts')],
  },
  {
    name: 'what has the old name of a file that a killed run has moved is that file, where files are known by their places',
    file: 'engine/act/bringing.ts',
    find: 'const found = findMovedFrom(index, begun);',
    replacement: 'const found = undefined as LocalNode | undefined;',
    finders: [tests('test/simulation/killed-while-placing.test.ts')],
  },
  {
    name: 'what a killed run had placed, and a person moved over another file, is a new version of that',
    file: 'engine/act/bringing.ts',
    find: 'const stranger = isOwn ? placed : findMovedOver(index, begun);',
    replacement: 'const stranger = isOwn ? placed : undefined;',
    finders: [tests('test/simulation/killed-while-placing.test.ts')],
  },
  {
    name: 'a folder that stayed for ignored things is known by its identity alone',
    file: 'index/left-behind-table.ts',
    find: "VALUES (?)').run(keyOf(folder));",
    replacement: "VALUES (?)').run(folder.identity);",
    finders: [tests('test/simulation/ignored.test.ts')],
  },
];
